// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/curl_handles.h"

#include <curl/curl.h>

namespace kvsarchive::http {
namespace {

/// Never undone: other code of the process may use libcurl too.
bool initialised() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  return code == CURLE_OK;
}

}  // namespace

void EasyDeleter::operator()(void* easy) const { curl_easy_cleanup(easy); }
void MultiDeleter::operator()(void* multi) const { curl_multi_cleanup(multi); }
void SlistDeleter::operator()(curl_slist* list) const { curl_slist_free_all(list); }

EasyHandle makeEasyHandle() { return EasyHandle(initialised() ? curl_easy_init() : nullptr); }
MultiHandle makeMultiHandle() { return MultiHandle(initialised() ? curl_multi_init() : nullptr); }

}  // namespace kvsarchive::http
