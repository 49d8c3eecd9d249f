// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/percent_encoded.h"

#include <glib.h>
#include <openssl/crypto.h>

#include <cstring>

#include "base/c_ptr.h"

namespace kvsarchive::aws {

std::string percentEncoded(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  const CPtr<char, g_free> encoded(
      g_uri_escape_bytes(reinterpret_cast<const guint8*>(text.data()), text.size(), nullptr));
  std::string result = encoded.get();
  OPENSSL_cleanse(encoded.get(), std::strlen(encoded.get()));
  return result;
}

}  // namespace kvsarchive::aws
