// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive_test_util.h"

namespace kvsarchive::archive {

ReaderRun readAll(ArchiveReader& reader, CancelToken& cancel) {
  ReaderRun run;
  while (run.order.empty() || run.order.back() != 'E') {
    auto output = reader.next(cancel);
    if (!output && output.error().kind == ErrorKind::kCancelled && run.cancelled < 10) {
      ++run.cancelled;
      cancel.reset();
      continue;
    }
    if (!output) {
      run.error = output.error();
      return run;
    }
    if (std::holds_alternative<Progress>(*output)) {
      run.order += 'P';
    } else if (const auto* header = std::get_if<DocumentHeader>(&*output)) {
      run.order += 'H';
      run.document += std::string(header->bytes.view());
    } else if (const auto* start = std::get_if<FragmentStart>(&*output)) {
      run.order += 'S';
      run.starts.push_back(*start);
    } else if (const auto* block = std::get_if<MediaBlock>(&*output)) {
      run.order += 'B';
      run.document += block->prefix.view();
      run.document += joined(block->element, block->rest).view();
    } else if (const auto* warning = std::get_if<Warning>(&*output)) {
      run.order += 'W';
      run.warnings.push_back(warning->text);
    } else if (std::holds_alternative<ProgressReport>(*output)) {
      ++run.reports;
    } else if (!std::holds_alternative<DurationChanged>(*output)) {
      run.order += 'E';
    }
  }
  return run;
}

}  // namespace kvsarchive::archive
