// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/api_error.h"
#include "base/json_writer.h"
#include "faults/fault_kinds.h"

namespace kvsemulator {
namespace {

enum class BodyForm { kJson, kOutput, kXml, kHtml, kNone };

/// The service's form of some errors: an object in an answer of status 200.
std::string outputJson(const ApiError& error) {
  JsonWriter json;
  json.beginObject().key("Output").beginObject();
  json.key("__type").text("com.amazon.coral.service#" + error.code);
  if (!error.message.empty()) {
    json.key("message").text(error.message);
  }
  json.endObject().key("Version").text("1.0");
  return json.endObject().take();
}

Reply replyIn(BodyForm form, const ApiError& error) {
  Reply reply = errorReply(error);
  if (form == BodyForm::kJson) {
    return reply;
  }
  reply.headers = {{"Connection", "close"}};
  switch (form) {
    case BodyForm::kOutput:
      reply.body = outputJson(error);
      break;
    case BodyForm::kXml:
      reply.contentType = "application/xml";
      reply.body = "<" + error.code + ">\n  <Message>" + error.message + "</Message>\n</" +
                   error.code + ">\n";
      break;
    case BodyForm::kHtml:
      reply.contentType = "text/html";
      reply.body = "<html><body><h1>" + std::to_string(error.status) + " " + error.message +
                   "</h1></body></html>\n";
      break;
    default:
      reply.contentType.clear();
      reply.body.clear();
  }
  return reply;
}

}  // namespace

FaultAction readStatus(JsonReader& json) {
  ApiError error;
  error.status = static_cast<int>(json.integer("status", 503, 200, 599));
  const auto form = json.choice("body", BodyForm::kJson,
                                {{"json", BodyForm::kJson},
                                 {"output", BodyForm::kOutput},
                                 {"xml", BodyForm::kXml},
                                 {"html", BodyForm::kHtml},
                                 {"none", BodyForm::kNone}});
  error.code = json.text(
      "code", form == BodyForm::kXml ? "AccessDeniedException" : "ServiceUnavailableException");
  error.message = json.text("message", "");
  Reply by = replyIn(form, error);
  by.contentType = json.text("content-type", by.contentType);
  return [by](Reply& reply, const FaultTarget&) { reply = by; };
}

FaultAction readThrottle(JsonReader&) {
  return [](Reply& reply, const FaultTarget& target) {
    reply = errorReply(clientLimitExceeded(target.call.operation, target.call.stream).error);
  };
}

FaultAction readExpiredCredentials(JsonReader&) {
  return [](Reply& reply, const FaultTarget&) { reply = errorReply(expiredToken().error); };
}

FaultAction readMovedEndpoint(JsonReader& json) {
  const OldEndpoint old = readOldEndpoint(json);
  return [=](Reply& reply, const FaultTarget& target) {
    target.endpoints.move(target.call.stream, old);
    reply = oldEndpointReply(old);
  };
}

FaultAction readRedirect(JsonReader& json) {
  Reply by;
  by.status = static_cast<int>(json.integer("status", 302, 300, 399));
  by.contentType.clear();
  by.headers = {{"Location", json.text("location", "http://127.0.0.1:9/")}};
  return [by](Reply& reply, const FaultTarget&) { reply = by; };
}

}  // namespace kvsemulator
