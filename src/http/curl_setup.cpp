// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/curl_setup.h"

#include <curl/curl.h>

#include "base/log.h"

namespace kvsarchive::http {
namespace {

constexpr long kReceiveBuffer = 512L << 10;  // libcurl's largest: fewer system calls at 25 MB/s

/// Sets options until one is refused.
class OptionSetter {
 public:
  explicit OptionSetter(CURL* easy) : easy_(easy) {}

  template <typename T>
  void set(CURLoption option, T value) {
    if (code_ == CURLE_OK) {
      code_ = curl_easy_setopt(easy_, option, value);
    }
  }

  CURLcode code() const { return code_; }

 private:
  CURL* easy_;
  CURLcode code_ = CURLE_OK;
};

/// Text lines only: libcurl's other kinds carry the headers, and so the signature and the token. A
/// line with a URL may have a proxy's password in it, or a query that is a secret.
int onDebugText(CURL*, curl_infotype type, char* data, size_t size, void*) noexcept {
  if (type == CURLINFO_TEXT) {
    std::string_view text(data, size);
    text = text.substr(0, text.find('\n'));
    const bool isSafe = text.find_first_of("@?") == std::string_view::npos &&
                        text.find("://") == std::string_view::npos;
    log::write(log::Level::kTrace, log::Area::kHttp,
               "curl: " + std::string(isSafe ? text : "(a line with an address)"));
  }
  return 0;
}

void setMethod(OptionSetter& options, const Request& request) {
  if (request.method == "GET") {
    options.set(CURLOPT_HTTPGET, 1L);
    return;
  }
  options.set(CURLOPT_POST, 1L);
  options.set(CURLOPT_POSTFIELDS, request.body.data());
  options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  options.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void setConnection(OptionSetter& setter, const CurlOptions& options) {
  setter.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connectTimeout.count()));
  setter.set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.totalTimeout.count()));
  setter.set(CURLOPT_NOSIGNAL, 1L);
  setter.set(CURLOPT_QUICK_EXIT, 1L);  // else removing the handle waits for getaddrinfo()
  setter.set(CURLOPT_TCP_NODELAY, 1L);
  setter.set(CURLOPT_TCP_KEEPALIVE, 1L);
  setter.set(CURLOPT_BUFFERSIZE, kReceiveBuffer);
  setter.set(CURLOPT_PROTOCOLS_STR, "http,https");
  setter.set(CURLOPT_FOLLOWLOCATION, 0L);  // a redirect would carry the signature elsewhere
  // HTTP/2 would put all requests on one connection, where one slow reader holds up the others.
  setter.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  setter.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void setTls(OptionSetter& setter, const CurlOptions& options) {
  setter.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  setter.set(CURLOPT_SSL_VERIFYPEER, 1L);
  setter.set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options.caFile.empty()) {
    setter.set(CURLOPT_CAINFO, options.caFile.c_str());
    // Only the given file counts, not the system's folder as well.
    setter.set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (!options.clientCertificate.empty()) {
    setter.set(CURLOPT_SSLCERT, options.clientCertificate.c_str());
    setter.set(CURLOPT_SSLKEY, options.clientKey.c_str());
  }
}

void setProxy(OptionSetter& setter, const Proxy& proxy) {
  if (proxy.never) {
    setter.set(CURLOPT_PROXY, "");  // "" and not NULL, which is "as the environment says"
    return;
  }
  if (proxy.url.empty()) {
    return;  // HTTPS_PROXY and the like, which libcurl reads by itself
  }
  setter.set(CURLOPT_PROXY, proxy.url.c_str());
  if (!proxy.user.empty()) {
    setter.set(CURLOPT_PROXYUSERNAME, proxy.user.c_str());
    setter.set(CURLOPT_PROXYPASSWORD, proxy.password.c_str());
  }
}

/// Adds `line`; false when out of memory.
bool append(Slist& list, const std::string& line) {
  curl_slist* const grown = curl_slist_append(list.get(), line.c_str());
  if (grown == nullptr) {
    return false;
  }
  static_cast<void>(list.release());
  list.reset(grown);
  return true;
}

}  // namespace

Slist makeHeaderList(const Request& request) {
  Slist list;
  // "Name:" stops libcurl from sending one of its own: no pause for "100 Continue", no made-up
  // type.
  bool good = append(list, "Expect:");
  if (findHeader(request.headers, "Content-Type").empty()) {
    good = good && append(list, "Content-Type:");
  }
  for (const Header& header : request.headers) {
    // "Name;" is how libcurl spells a header without a value.
    good = good && append(list, header.value.empty() ? header.name + ";"
                                                     : header.name + ": " + header.value);
  }
  return good ? std::move(list) : nullptr;
}

int setUpRequest(void* easy, const Request& request, const CurlOptions& options,
                 curl_slist* headers) {
  OptionSetter setter(easy);
  setter.set(CURLOPT_URL, request.url.c_str());
  setMethod(setter, request);
  setter.set(CURLOPT_HTTPHEADER, headers);
  if (!options.userAgent.empty()) {
    setter.set(CURLOPT_USERAGENT, options.userAgent.c_str());
  }
  setConnection(setter, options);
  setTls(setter, options);
  setProxy(setter, options.proxy);
  if (log::enabled(log::Level::kTrace, log::Area::kHttp)) {
    setter.set(CURLOPT_DEBUGFUNCTION, &onDebugText);
    setter.set(CURLOPT_VERBOSE, 1L);
  }
  return setter.code();
}

}  // namespace kvsarchive::http
