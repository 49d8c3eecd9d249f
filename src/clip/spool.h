// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/bell.h"
#include "base/bytes.h"
#include "base/cancel_token.h"
#include "base/guarded.h"
#include "base/result.h"
#include "clip/spool_store.h"

namespace kvsarchive::clip {

/// One file that is read at any place while it arrives. One thread writes, any number read.
class Spool {
 public:
  /// Of what arrived, `memoryLimit` bytes are kept in memory, and the rest in a temporary file.
  explicit Spool(uint64_t memoryLimit) {
    state_.lock()->store = std::make_unique<SpoolStore>(memoryLimit);
  }

  // The writing side.
  /// Adds what follows. After restart() it is compared first, as far as it was read: other bytes
  /// are kIncomplete. Errors: kStorage.
  Status append(Bytes bytes);
  /// The file begins anew. What nobody has read is forgotten.
  void restart();
  /// How long the file will be. Errors: kIncomplete, if a reader was told otherwise.
  Status announce(uint64_t size);
  /// The file is complete. Errors: kIncomplete, if more of it was read, or announced to a reader.
  Status finish();
  /// It will never be.
  void fail(Error error);

  // The reading side.
  /// Bytes at that place, `least` to `most` of them, but at the end of the file: there fewer, or
  /// none. They are not to be changed. Blocks until they are there, and for those that reach to the
  /// end until the file is complete. Errors: kCancelled; where they are not there, what fail() was
  /// told; kStorage.
  Result<Bytes> read(uint64_t offset, size_t least, size_t most, const CancelToken& cancel);
  /// The file's size. Blocks until it is announced, or the file complete. Errors: as read().
  Result<uint64_t> size(const CancelToken& cancel);
  /// The same, if it is known now.
  std::optional<uint64_t> knownSize();

  struct Use {
    uint64_t inMemory = 0;
    uint64_t inFile = 0;
  };
  Use use();

 private:
  struct State {
    std::unique_ptr<SpoolStore> store;
    uint64_t given = 0;     ///< all that was read comes before
    uint64_t compared = 0;  ///< bytes of the present attempt that are in the store already
    std::optional<uint64_t> size;
    bool sizeGiven = false;
    bool finished = false;
    std::optional<Error> error;
  };

  static Status compare(State& state, Bytes& bytes);
  template <typename T, typename Look>
  Result<T> wait(const CancelToken& cancel, const Look& look);

  Guarded<State> state_;
  Bell bell_;
};

}  // namespace kvsarchive::clip
