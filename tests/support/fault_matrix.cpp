// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/fault_matrix.h"

#include <glib.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "support/document_reader.h"

namespace kvsarchive::test {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

std::string sha256Of(const std::string& bytes) {
  g_autofree gchar* sum = g_compute_checksum_for_data(
      G_CHECKSUM_SHA256, reinterpret_cast<const guchar*>(bytes.data()), bytes.size());
  return sum;
}

bool sameFrames(const PlayedTrack& a, const PlayedTrack& b) {
  return std::equal(a.frames.begin(), a.frames.end(), b.frames.begin(), b.frames.end(),
                    [](const PlayedFrame& x, const PlayedFrame& y) {
                      return x.wallNs == y.wallNs && x.size == y.size && x.sha256 == y.sha256;
                    });
}

bool sameEvents(const PlayedTrack& a, const PlayedTrack& b) {
  return std::equal(a.events.begin(), a.events.end(), b.events.begin(), b.events.end(),
                    [](const PlayedFragment& x, const PlayedFragment& y) {
                      return x.number == y.number && x.producerNs == y.producerNs &&
                             x.serverNs == y.serverNs && x.originNs == y.originNs &&
                             x.ptsNs == y.ptsNs && x.durationNs == y.durationNs &&
                             x.size == y.size && x.shiftNs == y.shiftNs && x.discont == y.discont &&
                             x.tags == y.tags && x.framesBefore == y.framesBefore;
                    });
}

const PlayedTrack& documentOf(const Played& run) {
  static const PlayedTrack kNothing;
  const auto track = run.tracks.find("src");
  return track == run.tracks.end() ? kNothing : track->second;
}

/// Compares one run with the manifest, fragment by fragment.
class Comparison {
 public:
  Comparison(const Manifest& manifest, const Played& reference, const Played& run,
             const std::string& damageable)
      : manifest_(manifest),
        reference_(reference),
        run_(run),
        track_(documentOf(run)),
        damageable_(damageable),
        document_(readDocument(run.document)) {
    for (const Manifest::Frame& frame : manifest.frames) {
      stored_[frame.fragment].push_back(&frame);
    }
  }

  /// "" if all that was delivered is right and all that was not is told.
  std::string problem() {
    if (!run_.document.empty()) {
      fail(document_.problem);
      fail(document_.order.substr(0, 2) == "IT" && document_.tracks.size() == 1
               ? ""
               : "other tracks: " + document_.order);
      fail(track_.frames.size() == document_.blocks.size() + 1 ? "" : "buffers are not blocks");
    }
    if (!problem_.empty()) {
      return problem_;
    }
    readFragments();
    checkAccounts();
    return problem_;
  }

  bool isDamaged() const { return damagedFrames_ > 0; }
  size_t lost() const { return missing_.size() + cutShort_.size(); }

 private:
  void fail(const std::string& problem) {
    if (problem_.empty()) {
      problem_ = problem;
    }
  }
  void check(bool good, const std::string& problem) { fail(good ? "" : problem); }

  void readFragments() {
    size_t next = 0;
    for (const Manifest::Fragment& fragment : manifest_.fragments) {
      if (next == track_.events.size() || track_.events[next].number != fragment.number) {
        missing_.push_back(fragment.number);
        afterHole_ = true;
        continue;
      }
      const size_t end = next + 1 < track_.events.size() ? track_.events[next + 1].framesBefore - 1
                                                         : document_.blocks.size();
      readFragment(fragment, track_.events[next], end);
      ++next;
    }
    check(next == track_.events.size(), "fragments in another order, or twice");
    check(damagedFrames_ <= 2, std::to_string(damagedFrames_) + " frames differ");
  }

  void readFragment(const Manifest::Fragment& fragment, const PlayedFragment& event, size_t end) {
    const size_t begin = event.framesBefore - 1;
    const auto& frames = stored_[fragment.number];
    const std::string name = "fragment " + fragment.number;
    checkWarnings();
    checkEvent(fragment, event);
    if (begin > end || end - begin > frames.size()) {
      fail(name + " has " + std::to_string(end - begin) + " frames instead of " +
           std::to_string(frames.size()));
      return;
    }
    for (size_t i = begin; i < end; ++i) {
      checkFrame(*frames[i - begin], i, name + ", frame " + std::to_string(i - begin));
    }
    afterHole_ = end - begin < frames.size();
    if (afterHole_) {
      cutShort_.push_back(fragment.number);
    } else {
      complete_.push_back(fragment.number);
    }
  }

  void checkEvent(const Manifest::Fragment& fragment, const PlayedFragment& event) {
    const auto& wanted = documentOf(reference_).events;
    const auto same = std::find_if(wanted.begin(), wanted.end(), [&](const PlayedFragment& other) {
      return other.number == fragment.number;
    });
    check(event.producerNs == same->producerNs && event.serverNs == same->serverNs &&
              event.durationNs == same->durationNs && event.size == same->size &&
              event.tags == same->tags && event.shiftNs == 0 &&
              event.originNs + event.ptsNs == same->originNs + same->ptsNs,
          "the event of fragment " + fragment.number + " differs");
    check(event.originNs == run_.originNs, "two origins");
    const bool isFirst = &event == &track_.events.front();
    check(event.discont == (isFirst || afterHole_ || fragment.discont),
          "discont of fragment " + fragment.number);
  }

  void checkFrame(const Manifest::Frame& stored, size_t index, const std::string& name) {
    const DocumentBlock& block = document_.blocks[index];
    const int64_t wallNs = track_.frames[index + 1].wallNs;
    check(wallNs == stored.timeMs * kNanosPerMilli, name + ": other wall clock");
    check(block.millis * kNanosPerMilli + static_cast<int64_t>(run_.originNs) == wallNs,
          name + ": other time");
    check(block.key == stored.key, name + ": other key flag");
    if (sha256Of(block.payload) != stored.sha256) {
      ++damagedFrames_;
      check(stored.fragment == damageable_ && block.payload.size() == stored.size,
            name + ": other bytes");
    }
  }

  uint64_t stat(const char* name) const {
    const auto found = run_.stats.find(name);
    return found == run_.stats.end() ? 0 : found->second;
  }

  void checkAccounts() {
    check(stat("fragments-superseded") + stat("fragments-track-change") + stat("frames-dropped") +
                  stat("frames-trimmed") ==
              0,
          "fragments or frames were left out on purpose");
    check(stat("frames-delivered") == document_.blocks.size(), "frames-delivered is wrong");
    if (run_.error) {
      checkError();
      return;
    }
    check(run_.eos, "neither EOS nor an error");
    check(stat("fragments-listed") == manifest_.fragments.size(), "fragments-listed is wrong");
    check(stat("fragments-delivered") == complete_.size(), "fragments-delivered is wrong");
    check(stat("fragments-truncated") == cutShort_.size(), "fragments-truncated is wrong");
    check(stat("fragments-skipped") == missing_.size(), "fragments-skipped is wrong");
    check(run_.warnings.size() == lost(), std::to_string(run_.warnings.size()) + " warnings for " +
                                              std::to_string(lost()) + " fragments");
    checkWarnings();
  }

  /// All that is lost so far is told.
  void checkWarnings() {
    for (const auto* lost : {&missing_, &cutShort_}) {
      for (const std::string& number : *lost) {
        check(isWarnedOf(number), "no warning names fragment " + number);
      }
    }
  }

  bool isWarnedOf(const std::string& number) const {
    return std::any_of(run_.warnings.begin(), run_.warnings.end(), [&](const std::string& text) {
      return text.find(number) != std::string::npos;
    });
  }

  void checkError() {
    const PlayedError& error = *run_.error;
    check(!run_.eos && run_.errors.size() == 1 && run_.sourceErrors() == 1,
          std::to_string(run_.errors.size()) + " errors");
    check(error.domain == "gst-resource-error-quark" || error.domain == "gst-stream-error-quark",
          "an error of " + error.domain);
    check(error.message.find("Internal data stream") == std::string::npos, error.message);
    check(error.details.count("operation") == 1 && error.details.count("stream") == 1,
          "an error without operation or stream");
    // The last fragment is not known to be complete when an answer breaks off behind it.
    const uint64_t delivered = stat("fragments-delivered");
    check(delivered == complete_.size() || delivered + 1 == complete_.size(),
          "fragments-delivered is wrong");
    check(delivered + stat("fragments-truncated") == complete_.size() + cutShort_.size(),
          "fragments-truncated is wrong");
    const auto told = error.details.find("last-fragment-number");
    if (delivered == 0) {
      check(told == error.details.end(), "the error names a fragment that was not delivered");
      return;
    }
    const std::string& last = complete_[delivered - 1];
    check(told != error.details.end() && told->second == last,
          "the error does not name the last fragment");
    const auto time = error.details.find("last-fragment-timestamp");
    check(time != error.details.end() && time->second == producerTimeOf(last),
          "the error does not tell the last fragment's time");
    if (run_.warnings.empty()) {
      check(reference_.document.compare(0, run_.document.size(), run_.document) == 0 || isDamaged(),
            "other bytes before the error");
    }
  }

  std::string producerTimeOf(const std::string& number) const {
    for (const Manifest::Fragment& fragment : manifest_.fragments) {
      if (fragment.number == number) {
        return std::to_string(fragment.producerMs * kNanosPerMilli);
      }
    }
    return "";
  }

  const Manifest& manifest_;
  const Played& reference_;
  const Played& run_;
  const PlayedTrack& track_;
  const std::string& damageable_;
  const Document document_;
  std::map<std::string, std::vector<const Manifest::Frame*>> stored_;
  std::string problem_;
  std::vector<std::string> complete_;
  std::vector<std::string> cutShort_;
  std::vector<std::string> missing_;
  bool afterHole_ = false;
  size_t damagedFrames_ = 0;
};

}  // namespace

FaultJudge::FaultJudge(Manifest manifest, Played reference)
    : manifest_(std::move(manifest)), reference_(std::move(reference)) {}

std::string FaultJudge::checkReference() const {
  if (!reference_.eos || reference_.error || !reference_.warnings.empty()) {
    return "it did not play to its end";
  }
  Comparison comparison(manifest_, reference_, reference_, "");
  const std::string problem = comparison.problem();
  return !problem.empty() || comparison.lost() == 0 ? problem : "it is not complete";
}

Verdict FaultJudge::judge(const Played& run, const std::string& damaged) const {
  Comparison comparison(manifest_, reference_, run, damaged);
  const std::string problem = comparison.problem();
  if (!problem.empty()) {
    return {Outcome::kSilent, problem};
  }
  if (run.error) {
    return {Outcome::kError, run.error->message};
  }
  if (comparison.lost() > 0) {
    return {Outcome::kSkip, run.warnings.front()};
  }
  if (comparison.isDamaged()) {
    return {Outcome::kDamaged, "frames with other bytes"};
  }
  const bool same = run.document == reference_.document &&
                    sameFrames(documentOf(run), documentOf(reference_)) &&
                    sameEvents(documentOf(run), documentOf(reference_));
  return same ? Verdict{Outcome::kIdentical, ""} : Verdict{Outcome::kSilent, "other bytes"};
}

}  // namespace kvsarchive::test
