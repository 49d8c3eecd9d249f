// SPDX-License-Identifier: LGPL-2.1-or-later
// Requests through a proxy that is set, and around it.
#include "http/proxy.h"

#include <gtest/gtest.h>

#include "http_test_util.h"
#include "support/log_capture.h"
#include "support/scoped_env.h"
#include "support/temp_file.h"
#include "support/test_certificates.h"

namespace kvsarchive::http {
namespace {

using test::always;
using test::answer;
using test::ScopedEnv;

constexpr const char* kUserTopsecret = "Basic dXNlcjp0b3BzZWNyZXQ=";     // user:topsecret
constexpr const char* kColonAndMore = "Basic dXNlcjp0b3A6c2VjcmV0QC8=";  // user:top:secret@/

class ProxyTest : public testing::Test {
 protected:
  CurlOptions throughProxy() const {
    CurlOptions options;
    options.proxy.url = proxy_.url();
    return options;
  }

  static std::string fetchWith(const CurlOptions& options, const std::string& url) {
    CurlTransport transport(options);
    Request request = post(url);
    request.headers = {{"Authorization", "for the host only"}};
    return fetch(transport, request);
  }

  /// What came to the proxy: "POST http://host/ Basic ...".
  std::string seen() const {
    std::string lines;
    for (const ReceivedRequest& request : proxy_.requests()) {
      lines += (lines.empty() ? "" : "\n") + request.method + " " + request.target + " " +
               request.header("Proxy-Authorization");
    }
    return lines;
  }

  ScopedEnv noProxy_{"no_proxy", nullptr};
  ScopedEnv noProxyUpper_{"NO_PROXY", nullptr};
  ScopedEnv httpProxy_{"http_proxy", nullptr};
  ScopedEnv httpsProxy_{"https_proxy", nullptr};
  ScopedEnv httpsProxyUpper_{"HTTPS_PROXY", nullptr};
  ScopedEnv allProxy_{"all_proxy", nullptr};
  ScopedEnv allProxyUpper_{"ALL_PROXY", nullptr};
  FakeHttpServer proxy_{always(answer(200, {}, "by proxy"))};
};

TEST_F(ProxyTest, PlainHttpGoesThroughIt) {
  EXPECT_EQ(fetchWith(throughProxy(), "http://host.invalid/path?x"), "by proxy");
  EXPECT_EQ(seen(), "POST http://host.invalid/path?x ");
  EXPECT_EQ(proxy_.requests()[0].header("Authorization"), "for the host only");
}

TEST_F(ProxyTest, ItIsToldUserAndPassword) {
  CurlOptions options = throughProxy();
  options.proxy.user = "user";
  options.proxy.password = "topsecret";
  EXPECT_EQ(fetchWith(options, "http://host.invalid/"), "by proxy");
  options.proxy.password = "top:secret@/";  // needs no encoding, as it would in the URL
  EXPECT_EQ(fetchWith(options, "http://host.invalid/"), "by proxy");
  options = throughProxy();
  options.proxy.url.insert(7, "user:topsecret@");
  EXPECT_EQ(fetchWith(options, "http://host.invalid/"), "by proxy");
  const std::string request = "POST http://host.invalid/ ";
  EXPECT_EQ(seen(), request + kUserTopsecret + "\n" + request + kColonAndMore + "\n" + request +
                        kUserTopsecret);
}

TEST_F(ProxyTest, HttpsGoesThroughATunnel) {
  const auto authority = test::makeAuthority();
  const auto certificate = test::makeServerCertificate(authority, "DNS:host.invalid");
  const test::TlsContext tls(certificate.certificatePem, certificate.keyPem);
  FakeHttpServer tunnel([&](const ReceivedRequest& request, ServerConnection& connection) {
    if (request.method == "CONNECT") {
      connection.write("HTTP/1.1 200 Connected\r\n\r\n");
      connection.startTls(tls);  // as if it were the host itself
    } else {
      connection.write(answer(200, {}, "by host"));
    }
  });
  const test::TempFile caFile(authority.certificatePem);
  CurlOptions options;
  options.caFile = caFile.path();
  options.proxy = {false, tunnel.url(), "user", "topsecret"};
  EXPECT_EQ(fetchWith(options, "https://host.invalid/path"), "by host");
  const auto requests = tunnel.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].method + " " + requests[0].target, "CONNECT host.invalid:443");
  EXPECT_EQ(requests[0].header("Proxy-Authorization"), kUserTopsecret);
  EXPECT_EQ(requests[0].header("Authorization"), "");
  EXPECT_EQ(requests[1].method + " " + requests[1].target, "POST /path");
  EXPECT_EQ(requests[1].header("Proxy-Authorization"), "");
  EXPECT_EQ(requests[1].header("Authorization"), "for the host only");
}

TEST_F(ProxyTest, ItGoesBeforeTheEnvironments) {
  FakeHttpServer other(always(answer(200, {}, "by other")));
  const ScopedEnv environment("http_proxy", other.url().c_str());
  EXPECT_EQ(fetchWith({}, "http://host.invalid/"), "by other");
  EXPECT_EQ(fetchWith(throughProxy(), "http://host.invalid/"), "by proxy");
}

TEST_F(ProxyTest, HostsOfNoProxyAreAskedDirectly) {
  FakeHttpServer host(always(answer(200, {}, "by host")));
  const std::string url = host.url();
  EXPECT_EQ(fetchWith(throughProxy(), url), "by proxy");
  for (const char* variable : {"no_proxy", "NO_PROXY"}) {
    for (const char* value : {"127.0.0.1", "other.example,127.0.0.1", "*"}) {
      const ScopedEnv none(variable, value);
      EXPECT_EQ(fetchWith(throughProxy(), url), "by host") << variable << " " << value;
      const ScopedEnv environment("http_proxy", proxy_.url().c_str());
      EXPECT_EQ(fetchWith({}, url), "by host") << variable << " " << value;
    }
    const ScopedEnv none(variable, "other.example");
    EXPECT_EQ(fetchWith(throughProxy(), url), "by proxy") << variable;
  }
}

TEST_F(ProxyTest, NeverIsStrongerThanAllElse) {
  FakeHttpServer host(always(answer(200, {}, "by host")));
  const ScopedEnv environment("http_proxy", proxy_.url().c_str());
  const ScopedEnv all("all_proxy", proxy_.url().c_str());
  CurlOptions options = throughProxy();
  options.proxy.never = true;
  EXPECT_EQ(fetchWith(options, host.url()), "by host");
  EXPECT_EQ(proxy_.connectionCount(), 0U);
}

TEST_F(ProxyTest, APasswordThatWouldBeTakenForTheHostIsRefused) {
  Proxy proxy;
  for (const char* good :
       {"http://user:top%2Fsecret%40x@proxy.example:3128/", "user:topsecret@proxy.example",
        "http://user:top@secret@proxy.example", "http://proxy.example/path", "[::1]:3128", ""}) {
    proxy.url = good;
    EXPECT_TRUE(checkProxy(proxy)) << good;
  }
  for (const char* bad : {"http://user:p@top/secret@proxy.example:3128", "user:top/secret@proxy",
                          "user:top?secret@proxy", "socks5h://user:top#secret@proxy.example"}) {
    proxy.url = bad;
    const Status checked = checkProxy(proxy);
    ASSERT_FALSE(checked) << bad;
    EXPECT_EQ(checked.error().kind, ErrorKind::kSettings);
    EXPECT_EQ(
        checked.error().message,
        "proxy: in its user name and password, write %2F for \"/\", %3F for \"?\" and %23 for "
        "\"#\"");
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
      const ScopedEnv environment(name, bad);
      const Status ofEnvironment = checkProxy({});
      ASSERT_FALSE(ofEnvironment) << name;
      EXPECT_EQ(ofEnvironment.error().message.find(std::string(name) + ": "), 0U);
      proxy.url = "http://proxy.example";  // then the environment's does not count
      EXPECT_TRUE(checkProxy(proxy)) << name;
    }
    const ScopedEnv used("https_proxy", "http://proxy.example");
    const ScopedEnv behind("all_proxy", bad);
    EXPECT_TRUE(checkProxy({})) << "of those that are not used";
  }
}

/// Passwords are in the URL in one half of the cases, beside it in the other.
TEST_F(ProxyTest, PasswordsAreInNoErrorAndNoLog) {
  FakeHttpServer refusing(always(answer(407, {{"Proxy-Authenticate", "Basic realm=\"x\""}}, "")));
  FakeHttpServer closing([](const ReceivedRequest&, ServerConnection& c) { c.close(); });
  const struct {
    std::string scheme;
    std::string address;
    std::string target;
    ErrorKind kind;
  } cases[] = {
      {"http://", refusing.url().substr(7), "https://host.invalid/", ErrorKind::kOpenRead},
      {"http://", closing.url().substr(7), "http://host.invalid/", ErrorKind::kOpenRead},
      {"http://", closing.url().substr(7), "https://host.invalid/", ErrorKind::kOpenRead},
      {"https://", closing.url().substr(7), "http://host.invalid/", ErrorKind::kOpenRead},
      {"http://", "127.0.0.1:1", "http://host.invalid/", ErrorKind::kOpenRead},
      {"http://", "proxy.invalid", "http://host.invalid/", ErrorKind::kOpenRead},
      {"socks5://", closing.url().substr(7), "http://host.invalid/", ErrorKind::kOpenRead},
      {"telnet://", "127.0.0.1:1", "http://host.invalid/", ErrorKind::kSettings},
      {"http://", "127.0.0.1:port", "http://host.invalid/", ErrorKind::kSettings},
      {"http://", "[::1", "http://host.invalid/", ErrorKind::kSettings},
      {"http://", "a b", "http://host.invalid/", ErrorKind::kSettings},
  };
  const test::LogCapture log;
  for (const auto& c : cases) {
    CurlOptions inside;
    inside.connectTimeout = milliseconds(300 * kSlowdown);
    inside.stallTimeout = inside.connectTimeout;
    CurlOptions beside = inside;
    inside.proxy.url = c.scheme + "user:topsecret@" + c.address;
    beside.proxy = {false, c.scheme + c.address, "user", "topsecret"};
    for (const CurlOptions& options : {inside, beside}) {
      CurlTransport transport(options);
      const auto head = transport.send(post(c.target))->head(kNever);
      ASSERT_FALSE(head.ok()) << c.scheme + c.address;
      EXPECT_EQ(head.error().kind, c.kind) << head.error().message;
      EXPECT_EQ(head.error().message.find("topsecret"), std::string::npos) << head.error().message;
    }
  }
  const ScopedEnv environment("http_proxy", "http://user:topsecret@127.0.0.1:1");
  CurlTransport transport({});
  EXPECT_FALSE(transport.send(post("http://host.invalid/"))->head(kNever).ok());
  EXPECT_NE(log.text().find("curl: "), std::string::npos);
  EXPECT_EQ(log.text().find("topsecret"), std::string::npos) << log.text();
  EXPECT_EQ(log.text().find(kUserTopsecret + 6), std::string::npos) << log.text();
}

}  // namespace
}  // namespace kvsarchive::http
