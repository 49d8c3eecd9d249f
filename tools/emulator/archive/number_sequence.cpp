// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/number_sequence.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>

#include "base/random.h"

namespace kvsemulator {

std::string NumberSequence::next(int64_t serverMs) {
  ++counter_;
  BIGNUM* number = BN_new();
  BN_one(number);
  BN_lshift(number, number, 64);
  BN_add_word(number, counter_);
  BN_lshift(number, number, 64);
  BN_add_word(number, static_cast<uint64_t>(serverMs));
  BN_lshift(number, number, 28);
  BN_add_word(number, mix(seed_ + counter_) >> 36);
  char* digits = BN_bn2dec(number);
  std::string text = digits;
  OPENSSL_free(digits);
  BN_free(number);
  return text;
}

}  // namespace kvsemulator
