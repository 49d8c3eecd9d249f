// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/xml_leaves.h"

#include <glib.h>

#include "aws/credentials.h"
#include "base/c_ptr.h"

namespace kvsarchive::aws {
namespace {

constexpr int kMaxDepth = 16;

void refuse(GError** error) {
  g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "refused");
}

}  // namespace

/// What GMarkup calls while it reads.
struct XmlLeaves::Reader {
  static void start(GMarkupParseContext*, const char* name, const char**, const char**,
                    gpointer self, GError** error) {
    auto& reader = *static_cast<Reader*>(self);
    const bool isInLeaf = reader.leaves.count(reader.path) != 0;
    if (isInLeaf || ++reader.depth > kMaxDepth) {
      return refuse(error);
    }
    reader.path.append("/").append(name);
    const auto leaf = reader.leaves.find(reader.path);
    if (leaf == reader.leaves.end()) {
      return;
    }
    if (leaf->second.isThere) {
      return refuse(error);
    }
    leaf->second.isThere = true;
  }

  static void end(GMarkupParseContext*, const char*, gpointer self, GError**) {
    auto& reader = *static_cast<Reader*>(self);
    --reader.depth;
    reader.path.resize(reader.path.rfind('/'));
  }

  static void text(GMarkupParseContext*, const char* text, gsize length, gpointer self, GError**) {
    auto& reader = *static_cast<Reader*>(self);
    const auto leaf = reader.leaves.find(reader.path);
    if (leaf != reader.leaves.end()) {
      leaf->second.text.append(text, length);
    }
  }

  std::map<std::string, Leaf>& leaves;
  std::string path;
  int depth = 0;
};

Result<XmlLeaves> XmlLeaves::read(std::string_view xml,
                                  std::initializer_list<std::string> wantedPaths) {
  XmlLeaves found;
  for (const std::string& path : wantedPaths) {
    found.leaves_[path];
  }
  constexpr GMarkupParser kCallbacks{Reader::start, Reader::end, Reader::text, nullptr, nullptr};
  Reader reader{found.leaves_, "", 0};
  const CPtr<GMarkupParseContext, g_markup_parse_context_unref> context(
      g_markup_parse_context_new(&kCallbacks, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, nullptr));
  // Without a GError: its text would quote the document.
  if (xml.empty() ||
      g_markup_parse_context_parse(context.get(), xml.data(), static_cast<gssize>(xml.size()),
                                   nullptr) == FALSE ||
      g_markup_parse_context_end_parse(context.get(), nullptr) == FALSE) {
    return makeError(ErrorKind::kDecode, "the answer is not the XML that is due");
  }
  return found;
}

XmlLeaves::~XmlLeaves() {
  for (auto& [path, leaf] : leaves_) {
    wipe(leaf.text);
  }
}

bool XmlLeaves::has(const std::string& path) const {
  const auto leaf = leaves_.find(path);
  return leaf != leaves_.end() && leaf->second.isThere;
}

std::string XmlLeaves::text(const std::string& path) const {
  const auto leaf = leaves_.find(path);
  return leaf == leaves_.end() ? std::string() : leaf->second.text;
}

}  // namespace kvsarchive::aws
