// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/archive_reader.h"

#include <algorithm>
#include <iterator>

#include "base/iso8601.h"
#include "base/text.h"
#include "kvs/empty_range.h"

namespace kvsarchive::archive {
namespace {

/// Asked for first after a seek, by one request: another seek may follow at once, and each fragment
/// asked for costs a point of the stream's quota.
constexpr size_t kLandingFragments = 5;
constexpr uint64_t kLandingBytes = uint64_t{4} << 20;

}  // namespace

ArchiveReader::ArchiveReader(kvs::ArchivedMediaClient& client, const ArchiveOptions& options)
    : client_(client),
      options_(options),
      list_(client, {options.selector, options.clock, options.leadIn, options.duplicates}),
      fetcher_(client, RangeTrim(options.selector, options.leadIn, options.trimEnd),
               options.limits),
      writer_(options_, outputs_, ledger_) {}

void ArchiveReader::seek(std::optional<std::chrono::milliseconds> pts,
                         std::chrono::milliseconds spacing) {
  const std::lock_guard<std::mutex> turn(turn_);
  fetcher_.clear();
  plan_.clear();
  list_.seek(pts ? writer_.origin() + *pts : writer_.firstFragment(), writer_.firstFragment());
  writer_.jump();
  dropOutputs();
  if (!pts) {
    outputs_.push(DocumentHeader{writer_.header()});
  }
  {
    // What was listed and not reached is listed again if it is wanted again.
    auto ledger = ledger_.lock();
    ledger->listed = ledger->delivered + ledger->truncated + ledger->skipped() + ledger->superseded;
  }
  listFailed_.reset();
  meter_.jump();
  anyListed_ = false;
  landing_ = true;
  planned_ = 1;
  spacing_ = spacing;
  wantedFrom_ = UnixTime::min();
  refill_ = true;
  stage_ = Stage::kFetch;
}

/// But for those that are not about a place.
void ArchiveReader::dropOutputs() {
  Fifo<ReaderOutput> kept;
  while (!outputs_.empty()) {
    ReaderOutput output = outputs_.pop();
    ledger_.lock()->frames -= std::holds_alternative<MediaBlock>(output) ? 1 : 0;
    if (std::holds_alternative<Warning>(output) ||
        std::holds_alternative<DurationChanged>(output)) {
      kept.push(std::move(output));
    }
  }
  outputs_ = std::move(kept);
}

Result<ReaderOutput> ArchiveReader::next(const CancelToken& cancel) {
  while (outputs_.empty() && !failed_) {
    const std::lock_guard<std::mutex> turn(turn_);
    Status advanced = advance(cancel);
    if (!advanced && advanced.error().kind == ErrorKind::kCancelled) {
      return advanced.error();
    }
    if (!advanced) {
      failed_ = withContext(std::move(advanced.error()));
    }
  }
  if (outputs_.empty()) {
    return *failed_;
  }
  return outputs_.pop();
}

/// Completes errors that are about the answers and not about a request, and settles the accounts.
Error ArchiveReader::withContext(Error error) {
  error.stream = client_.stream().text();
  if (error.operation.empty() && stage_ == Stage::kFetch) {
    error.operation = "GetMediaForFragmentList";
  }
  if (const auto& last = writer_.lastDelivered()) {
    error.lastFragment = last->number;
    error.lastFragmentTime = timeOf(*last, options_.selector.type);
  }
  writer_.fail();
  takeSample(std::chrono::steady_clock::now());
  return error;
}

Status ArchiveReader::advance(const CancelToken& cancel) {
  switch (stage_) {
    case Stage::kStart:
      takeSample(std::chrono::steady_clock::now());
      outputs_.push(Progress{Progress::Step::kOpen, false, "Looking up the endpoint"});
      stage_ = Stage::kOpen;
      return {};
    case Stage::kOpen:
      return open(cancel);
    case Stage::kFirstList:
      return firstList(cancel);
    case Stage::kFetch:
      return fetch(cancel);
    case Stage::kEnd:
      outputs_.push(EndOfArchive());
      return {};
  }
  return {};
}

Status ArchiveReader::open(const CancelToken& cancel) {
  if (!listEndpoint_) {
    listEndpoint_ = client_.dataEndpoint("LIST_FRAGMENTS");
  }
  const uint64_t count = client_.bell().count();
  const auto endpoint = listEndpoint_->poll(cancel);
  if (!endpoint) {
    return waitInStep(Progress::Step::kOpen, count, cancel);
  }
  if (!*endpoint) {
    return endpoint->error();
  }
  listEndpoint_.reset();
  mediaEndpoint_ = client_.dataEndpoint("GET_MEDIA_FOR_FRAGMENT_LIST");
  outputs_.push(Progress{Progress::Step::kOpen, true, "Endpoint found"});
  outputs_.push(Progress{Progress::Step::kList, false, "Listing fragments"});
  stage_ = Stage::kFirstList;
  return {};
}

Status ArchiveReader::firstList(const CancelToken& cancel) {
  const uint64_t count = client_.bell().count();
  const auto listed = list(cancel);
  if (!listed) {
    pollMediaEndpoint(cancel);
    return waitInStep(Progress::Step::kList, count, cancel);
  }
  if (!*listed) {
    return listed->error();
  }
  if (plan_.empty()) {
    return kvs::emptyRange(options_.selector);
  }
  outputs_.pushFront(Progress{
      Progress::Step::kList, true,
      std::to_string(ledger().listed) + " fragments found" + (list_.done() ? "" : " so far")});
  stage_ = Stage::kFetch;
  return {};
}

/// Found while the list is, so that the first media is asked for one answer earlier. What goes
/// wrong is told when media are to be asked for, unless that is so late that it may be over.
void ArchiveReader::pollMediaEndpoint(const CancelToken& cancel) {
  const auto endpoint = mediaEndpoint_ ? mediaEndpoint_->poll(cancel) : std::nullopt;
  if (!endpoint || cancel.isCancelled()) {
    return;
  }
  if (!*endpoint) {
    mediaEndpointFailed_ = EarlyFailure{endpoint->error()};
  }
  mediaEndpoint_.reset();
}

/// Says what there is to say of the step, once for each time that something is asked for again;
/// else waits for the service. Then the step goes on.
Status ArchiveReader::waitInStep(Progress::Step step, uint64_t count, const CancelToken& cancel) {
  const kvs::RetryCounts retries = client_.retries();
  if (std::exchange(retriesTold_, retries.all()) != retries.all()) {
    outputs_.push(Progress{step, false, withoutFullStop(retries.latest) + "; trying again"});
  }
  measure();
  const bool goesOn = !outputs_.empty() || waitForNews(count, wakeAt(), cancel);
  return goesOn ? Status() : Status(cancelledError());
}

/// One window of the range more; no value while it has to be waited for.
std::optional<Status> ArchiveReader::list(const CancelToken& cancel) {
  auto fragments = list_.poll(cancel);
  if (!fragments) {
    return std::nullopt;
  }
  if (!*fragments) {
    return fragments->error();
  }
  takeListed(std::move(**fragments));
  return Status();
}

void ArchiveReader::takeListed(std::vector<kvs::Fragment> fragments) {
  for (const kvs::Fragment& fragment : fragments) {
    const UnixTime time = timeOf(fragment, options_.clock);
    firstListed_ = firstListed_.value_or(time);
    listedEnd_ = std::max(listedEnd_, time + fragment.length);
  }
  // A list of nothing says that the range ends before where it began.
  anyListed_ = anyListed_ || !fragments.empty();
  endListed_ = endListed_ || (list_.done() && anyListed_);
  leaveOutBetween(fragments);
  const uint64_t superseded = list_.takeSuperseded();
  {
    auto ledger = ledger_.lock();
    ledger->listed += fragments.size() + superseded;
    ledger->superseded += superseded;
  }
  tellSuperseded(superseded);
  plan_.add(std::move(fragments));
  tellDuration();
}

void ArchiveReader::leaveOutBetween(std::vector<kvs::Fragment>& fragments) {
  if (spacing_.count() == 0) {
    return;
  }
  const auto isBetween = [this](const kvs::Fragment& fragment) {
    const UnixTime time = timeOf(fragment, options_.clock);
    if (time < wantedFrom_) {
      return true;
    }
    wantedFrom_ = time + spacing_;
    return false;
  };
  std::vector<kvs::Fragment> wanted;
  std::remove_copy_if(fragments.begin(), fragments.end(), std::back_inserter(wanted), isBetween);
  fragments = std::move(wanted);
}

/// What was fetched so far is handed on while more is listed and fetched.
Status ArchiveReader::fetch(const CancelToken& cancel) {
  const uint64_t count = client_.bell().count();
  measure();
  pollMediaEndpoint(cancel);
  const auto endpointFailed = std::exchange(mediaEndpointFailed_, std::nullopt);
  if (endpointFailed && !endpointFailed->isOld()) {
    return endpointFailed->error;
  }
  if (refill_ || count != filledAt_) {
    refill_ = true;  // also if it is cancelled
    Status filled = fill(cancel);
    if (!filled) {
      return filled;
    }
    filledAt_ = count;
    refill_ = false;
  }
  auto event = fetcher_.poll(cancel);
  if (event) {
    refill_ = !*event || !std::holds_alternative<FragmentBlocks>(**event);
    return *event ? handle(std::move(**event)) : Status(event->error());
  }
  if (fetcher_.idle() && plan_.empty() && listFailed_) {
    if (!listFailed_->isOld()) {
      return listFailed_->error;
    }
    listFailed_.reset();
  }
  if (fetcher_.idle() && plan_.empty() && list_.done()) {
    stage_ = Stage::kEnd;
    takeSample(std::chrono::steady_clock::now());
    outputs_.push(ProgressReport());
    return ledger().frames == 0 ? Status(nothingLeft()) : Status();
  }
  refill_ = true;
  return waitForNews(count, wakeAt(), cancel) ? Status() : Status(cancelledError());
}

/// When something has to be polled again at the latest.
std::optional<Bell::TimePoint> ArchiveReader::wakeAt() const {
  auto at = earlier(fetcher_.wakeAt(), list_.wakeAt());
  for (const auto& endpoint : {&listEndpoint_, &mediaEndpoint_}) {
    at = *endpoint ? earlier(at, (*endpoint)->wakeAt()) : at;
  }
  return at;
}

/// Waits for the service, but not longer than until there is something to report.
bool ArchiveReader::waitForNews(uint64_t count, std::optional<Bell::TimePoint> until,
                                const CancelToken& cancel) {
  return client_.bell().wait(count, earlier(until, meter_.nextDue()), cancel);
}

void ArchiveReader::measure() {
  const auto now = std::chrono::steady_clock::now();
  if (meter_.sampleDue(now)) {
    takeSample(now);
  }
  if (meter_.reportDue(now)) {
    outputs_.push(ProgressReport());
  }
}

void ArchiveReader::takeSample(Bell::TimePoint now) {
  const auto position = writer_.position();
  // What an answer had that is given up is not counted twice, and not taken back.
  receivedBytes_ = std::max(receivedBytes_, fetcher_.receivedBytes());
  RunStats stats;
  stats.heldBytes = fetcher_.outstandingBytes();
  meter_.sample(now, receivedBytes_, stats.heldBytes, position);
  stats.bytesPerSecond = meter_.bytesPerSecond();
  stats.connections = fetcher_.connections();
  stats.pace = client_.pace();
  stats.retries = client_.retries();
  stats.listedUntil = list_.listedUntil();
  stats.listComplete = list_.done();
  stats.position = position;
  stats.remaining = stage_ == Stage::kEnd
                        ? std::chrono::milliseconds(0)
                        : meter_.remaining(endListed_ ? listedEnd_ : options_.selector.end);
  ledger_.lock()->receivedBytes = receivedBytes_;
  *stats_.lock() = std::move(stats);
}

/// While next() is not called, since downstream blocks, nobody else takes samples.
RunStats ArchiveReader::stats() {
  std::unique_lock<std::mutex> turn(turn_, std::try_to_lock);
  if (turn && stage_ != Stage::kEnd && !failed_) {
    takeSample(std::chrono::steady_clock::now());
  }
  RunStats stats = *stats_.lock();
  stats.ledger = ledger();
  return stats;
}

/// Lists and fetches ahead as far as that needs no waiting. Errors: kCancelled; what goes wrong
/// with the list is told when all before it was handed on.
Status ArchiveReader::fill(const CancelToken& cancel) {
  while (!list_.done() && !listFailed_ && plan_.size() < planned_) {
    const auto listed = list(cancel);
    if (!listed) {
      break;
    }
    if (!*listed && listed->error().kind == ErrorKind::kCancelled) {
      return *listed;
    }
    if (!*listed) {
      listFailed_ = EarlyFailure{listed->error()};
    }
  }
  if (landing_ && fetcher_.idle() && !mediaEndpoint_ && !plan_.empty()) {
    fetcher_.start(plan_.takeBatch(kLandingBytes, kLandingFragments));
  }
  while (!landing_ && !mediaEndpoint_ && !plan_.empty() && fetcher_.canStart(plan_.nextBytes())) {
    const auto left = list_.done() ? std::optional<uint64_t>(plan_.bytes()) : std::nullopt;
    fetcher_.start(plan_.takeBatch(fetcher_.batchBytes(left)));
  }
  return {};
}

Status ArchiveReader::handle(FetchEvent&& event) {
  if (auto* blocks = std::get_if<FragmentBlocks>(&event)) {
    writer_.add(std::move(*blocks));
    return {};
  }
  if (auto* begin = std::get_if<FragmentBegin>(&event)) {
    return beginFragment(std::move(*begin));
  }
  if (auto* end = std::get_if<FragmentEnd>(&event)) {
    landing_ = false;
    planned_ = std::min(std::max(planned_ * 2, kPlannedAtFirst), kMaxPlanned);
    return writer_.end(std::move(*end));
  }
  if (std::holds_alternative<FragmentOutside>(event)) {
    --ledger_.lock()->listed;
    return {};
  }
  if (const auto* skipped = std::get_if<FragmentSkipped>(&event)) {
    return writer_.skip(*skipped);
  }
  return {};  // BatchEnd
}

Status ArchiveReader::beginFragment(FragmentBegin begin) {
  const bool wasBegun = writer_.isBegun();
  Status begun = writer_.begin(std::move(begin), listedEnd_);
  if (!writer_.isBegun()) {
    fetcher_.expectFirstAgain();
  } else if (!wasBegun) {
    *origin_.lock() = writer_.origin();
    *seekGrid_.lock() = writer_.seekGrid();
    tellDuration();
  }
  return begun;
}

void ArchiveReader::tellSuperseded(uint64_t count) {
  if (count > 0) {
    outputs_.push(Warning{std::to_string(count) +
                          " fragments are left out, because newer ones have the same "
                          "producer timestamp; duplicates=all has them all"});
  }
}

/// What is not listed yet may reach to the end of the range. The list goes on only where order and
/// range are of one clock, so the range's end is one of the timeline then.
UnixTime ArchiveReader::endOfRange() const {
  const UnixTime end = endListed_ ? listedEnd_ : options_.selector.end;
  const bool oneClock = isSameClock(options_.clock, options_.selector.type);
  return options_.trimEnd && oneClock ? std::min(end, options_.selector.end) : end;
}

void ArchiveReader::tellDuration() {
  if (!firstListed_) {
    return;
  }
  const auto duration =
      std::max(endOfRange() - origin().value_or(*firstListed_), std::chrono::milliseconds(0));
  if (std::exchange(*duration_.lock(), duration) != duration) {
    outputs_.push(DurationChanged());
  }
}

/// A document without a header would be a mute error of the demuxer.
Error ArchiveReader::nothingLeft() {
  const Ledger ledger = *ledger_.lock();
  const std::string fragments = std::to_string(ledger.listed) + " fragments in the range has ";
  const std::string reason =
      ledger.skipped() == 0 ? "a frame between " + formatIso8601(options_.selector.start) +
                                  " and " + formatIso8601(options_.selector.end) + " UTC"
                            : "media that can be read (" + std::to_string(ledger.missing) +
                                  " missing, " + std::to_string(ledger.unreadable) + " unreadable)";
  Error error = makeError(ErrorKind::kNotFound, "None of the " + fragments + reason);
  error.operation = "GetMediaForFragmentList";
  return error;
}

}  // namespace kvsarchive::archive
