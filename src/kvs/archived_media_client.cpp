// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/archived_media_client.h"

#include "aws/sigv4.h"
#include "base/log.h"
#include "http/url.h"
#include "kvs/answers.h"
#include "kvs/requests.h"
#include "kvs/service_error.h"

namespace kvsarchive::kvs {
namespace {

constexpr const char* kService = "kinesisvideo";
constexpr size_t kMaxJsonBytes = size_t{16} << 20;  // a page of 1000 fragments has about 250 KB
constexpr size_t kMaxErrorBytes = size_t{64} << 10;

/// The start of a body; what comes after the limit, or after it broke off, is left out.
Result<std::string> readStart(http::Exchange& exchange, const CancelToken& cancel) {
  std::string text;
  while (text.size() < kMaxErrorBytes) {
    const Result<Bytes> bytes = exchange.read(cancel);
    if (!bytes && bytes.error().kind == ErrorKind::kCancelled) {
      return bytes.error();
    }
    if (!bytes || bytes->empty()) {
      break;
    }
    text.append(bytes->view().substr(0, kMaxErrorBytes - text.size()));
  }
  return text;
}

/// Blots out secrets that a server may have echoed.
void hide(std::string& text, const aws::Credentials& credentials) {
  for (const std::string* secret : {&credentials.secretKey, &credentials.sessionToken}) {
    size_t position = 0;
    while (!secret->empty() && (position = text.find(*secret, position)) != std::string::npos) {
      text.replace(position, secret->size(), "***");
      position += 3;
    }
  }
}

bool isPlainHttp(const std::string& url) { return url.compare(0, 5, "http:") == 0; }

}  // namespace

struct ArchivedMediaClient::Operation {
  const char* name;
  const char* path;

  static constexpr Operation getDataEndpoint() { return {"GetDataEndpoint", "/getDataEndpoint"}; }
  static constexpr Operation listFragments() { return {"ListFragments", "/listFragments"}; }
  static constexpr Operation getMediaForFragmentList() {
    return {"GetMediaForFragmentList", "/getMediaForFragmentList"};
  }
};

ArchivedMediaClient::ArchivedMediaClient(ClientOptions options, http::Transport& transport,
                                         aws::CredentialsProvider& credentials, const Clock& clock)
    : options_(std::move(options)),
      transport_(transport),
      credentials_(credentials),
      clock_(clock) {}

Result<std::string> ArchivedMediaClient::dataEndpoint(const std::string& apiName,
                                                      const CancelToken& cancel) {
  {
    auto endpoints = endpoints_.lock();
    const auto known = endpoints->find(apiName);
    if (known != endpoints->end()) {
      return known->second;
    }
  }
  Result<std::string> endpoint = askDataEndpoint(apiName, cancel);
  if (endpoint) {
    log::write(log::Level::kDebug, log::Area::kClient, apiName + " is served by " + *endpoint);
    (*endpoints_.lock())[apiName] = *endpoint;
  }
  return endpoint;
}

Result<std::string> ArchivedMediaClient::askDataEndpoint(const std::string& apiName,
                                                         const CancelToken& cancel) {
  const Operation operation = Operation::getDataEndpoint();
  const Result<Answer> answer = call(operation, options_.controlEndpoint,
                                     getDataEndpointBody(options_.stream, apiName), cancel);
  if (!answer) {
    return answer.error();
  }
  const Result<JsonDocument> json = readJson(operation, *answer, cancel);
  if (!json) {
    return json.error();
  }
  const Result<std::string> url = decodeDataEndpoint(json->root());
  if (!url) {
    return annotate(url.error(), operation, &answer->head);
  }
  const Result<std::string> base = http::parseBaseUrl(*url);
  if (!base) {
    return annotate(makeError(ErrorKind::kDecode, base.error().message), operation, &answer->head);
  }
  if (isPlainHttp(*base) && !isPlainHttp(options_.controlEndpoint)) {
    return annotate(makeError(ErrorKind::kOpenRead, "the data endpoint " + *base +
                                                        " is not encrypted, though the control "
                                                        "endpoint is: nothing is sent to it"),
                    operation, &answer->head);
  }
  return *base;
}

Result<FragmentPage> ArchivedMediaClient::listFragments(const FragmentSelector& selector,
                                                        int maxResults,
                                                        const std::string& nextToken,
                                                        const CancelToken& cancel) {
  const Result<std::string> endpoint = dataEndpoint("LIST_FRAGMENTS", cancel);
  if (!endpoint) {
    return endpoint.error();
  }
  const Operation operation = Operation::listFragments();
  const Result<Answer> answer =
      call(operation, *endpoint,
           listFragmentsBody(options_.stream, selector, maxResults, nextToken), cancel);
  if (!answer) {
    return answer.error();
  }
  const Result<JsonDocument> json = readJson(operation, *answer, cancel);
  if (!json) {
    return json.error();
  }
  Result<FragmentPage> page = decodeFragmentPage(json->root());
  if (!page) {
    return annotate(page.error(), operation, &answer->head);
  }
  log::write(log::Level::kDebug, log::Area::kClient,
             "ListFragments: " + std::to_string(page->fragments.size()) + " fragments, " +
                 (page->nextToken.empty() ? "last page" : "more pages"));
  return page;
}

Result<std::unique_ptr<MediaBody>> ArchivedMediaClient::getMediaForFragmentList(
    const std::vector<std::string>& fragmentNumbers, http::RetryBudget&,
    const CancelToken& cancel) {
  const Result<std::string> endpoint = dataEndpoint("GET_MEDIA_FOR_FRAGMENT_LIST", cancel);
  if (!endpoint) {
    return endpoint.error();
  }
  const Operation operation = Operation::getMediaForFragmentList();
  Result<Answer> answer = call(
      operation, *endpoint, getMediaForFragmentListBody(options_.stream, fragmentNumbers), cancel);
  if (!answer) {
    return answer.error();
  }
  if (isTextual(answer->head)) {  // media is never text: an error under a good status
    return readError(operation, *answer, cancel);
  }
  return std::make_unique<MediaBody>(std::move(answer->exchange),
                                     annotate(Error(), operation, &answer->head));
}

Result<ArchivedMediaClient::Answer> ArchivedMediaClient::call(const Operation& operation,
                                                              const std::string& baseUrl,
                                                              std::string body,
                                                              const CancelToken& cancel) {
  const Result<aws::Credentials> credentials = credentials_.credentials(cancel);
  if (!credentials) {
    return annotate(credentials.error(), operation, nullptr);
  }
  http::Request request;
  request.url = baseUrl + operation.path;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = std::move(body);
  const Status isSigned =
      aws::sign(request, *credentials, {options_.region, kService, clock_.now()});
  if (!isSigned) {
    return annotate(isSigned.error(), operation, nullptr);
  }
  Answer answer;
  answer.credentials = *credentials;
  answer.exchange = transport_.send(std::move(request));
  Result<http::ResponseHead> head = answer.exchange->head(cancel);
  if (!head) {
    return annotate(head.error(), operation, nullptr);
  }
  answer.head = std::move(*head);
  if (answer.head.status != 200) {
    return readError(operation, answer, cancel);
  }
  return answer;
}

Result<JsonDocument> ArchivedMediaClient::readJson(const Operation& operation, const Answer& answer,
                                                   const CancelToken& cancel) {
  const Result<std::string> text = readAll(*answer.exchange, kMaxJsonBytes, cancel);
  if (!text) {
    return annotate(text.error(), operation, &answer.head);
  }
  Result<JsonDocument> json = JsonDocument::parse(*text);
  if (!json) {
    return annotate(json.error(), operation, &answer.head);
  }
  if (isDisguisedError(json->root())) {
    return serviceError(operation, answer, *text);
  }
  return json;
}

Error ArchivedMediaClient::readError(const Operation& operation, const Answer& answer,
                                     const CancelToken& cancel) {
  const Result<std::string> text = readStart(*answer.exchange, cancel);
  if (!text) {
    return annotate(text.error(), operation, &answer.head);
  }
  return serviceError(operation, answer, *text);
}

Error ArchivedMediaClient::serviceError(const Operation& operation, const Answer& answer,
                                        std::string body) const {
  hide(body, answer.credentials);
  Error error = decodeServiceError(answer.head, body);
  hide(error.message, answer.credentials);  // once more, for it may have been escaped in JSON
  return annotate(std::move(error), operation, &answer.head);
}

Error ArchivedMediaClient::annotate(Error error, const Operation& operation,
                                    const http::ResponseHead* head) const {
  error.operation = operation.name;
  error.stream = options_.stream.text();
  if (head != nullptr) {
    error.httpStatus = head->status;
    error.requestId = requestIdOf(*head);
  }
  return error;
}

}  // namespace kvsarchive::kvs
