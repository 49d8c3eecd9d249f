// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/error_body.h"

#include <glib.h>

#include <string_view>

#include "aws/redacted.h"
#include "base/c_ptr.h"
#include "base/json_document.h"
#include "base/text.h"

namespace kvsarchive::kvs {
namespace {

constexpr size_t kMaxMessage = 500;

/// First of the members that is there and a string.
std::string firstString(const JsonObjectView& object, std::initializer_list<const char*> members) {
  for (const char* member : members) {
    const Result<std::string> text = object.optionalString(member);
    if (text && !text->empty()) {
      return *text;
    }
  }
  return {};
}

ErrorBody parseJson(const JsonObjectView& root) {
  // {"Output":{"__type":...}} is what an unknown path is answered with.
  const auto output = root.optionalObject("Output");
  const JsonObjectView& object = output && *output ? **output : root;
  return {plainErrorCode(firstString(object, {"__type", "code", "Code"})),
          firstString(object, {"message", "Message", "errorMessage"})};
}

/// Text of the first element of that name.
std::string elementText(std::string_view xml, const std::string& name) {
  const std::string open = "<" + name + ">";
  const size_t start = xml.find(open);
  const size_t end = xml.find("</" + name + ">", start == std::string_view::npos ? 0 : start);
  if (start == std::string_view::npos || end == std::string_view::npos) {
    return {};
  }
  const size_t textStart = start + open.size();
  return std::string(xml.substr(textStart, end - textStart));
}

/// Name of the first element that is no declaration.
std::string rootElement(std::string_view xml) {
  size_t start = xml.find('<');
  while (start != std::string_view::npos && xml.substr(start + 1, 1).find_first_of("?!") == 0) {
    start = xml.find('<', start + 1);
  }
  if (start == std::string_view::npos) {
    return {};
  }
  const std::string_view name = xml.substr(start + 1, 100);
  return std::string(name.substr(0, name.find_first_of("> /\r\n\t")));
}

ErrorBody parseMarkup(const std::string& body) {
  const CPtr<char, g_free> lower(g_ascii_strdown(body.c_str(), -1));
  const std::string_view lowered(lower.get());
  if (lowered.find("<html") != std::string_view::npos) {
    const std::string title = elementText(lowered, "title");
    return {"", title.empty() ? "an HTML page" : "an HTML page: " + title};
  }
  ErrorBody error{elementText(body, "Code"), elementText(body, "Message")};
  if (error.code.empty()) {
    error.code = rootElement(body);
  }
  return error;
}

}  // namespace

std::string plainErrorCode(const std::string& text) {
  std::string code = text.substr(text.find_last_of('#', text.find(':')) + 1);
  code = code.substr(0, code.find(':'));
  const bool isWord =
      !code.empty() && code.size() <= 100 &&
      code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") ==
          std::string::npos;
  return isWord ? code : std::string();
}

bool isMarkup(const std::string& body) {
  const size_t start = body.find_first_not_of(" \t\r\n");
  return start != std::string::npos && body[start] == '<';
}

ErrorBody parseErrorBody(const std::string& body) {
  const size_t start = body.find_first_not_of(" \t\r\n");
  ErrorBody error;
  if (start == std::string::npos) {
    return error;
  }
  const Result<JsonDocument> document = JsonDocument::parse(body);
  if (document) {
    error = parseJson(document->root());
  } else if (body[start] == '<') {
    error = parseMarkup(body);
  } else {
    error.message = body;
  }
  error.code = plainErrorCode(error.code);
  error.message = cleanMessage(error.message);
  return error;
}

std::string cleanMessage(const std::string& text) {
  return oneLine(aws::withoutCanonicalRequest(text), kMaxMessage);
}

}  // namespace kvsarchive::kvs
