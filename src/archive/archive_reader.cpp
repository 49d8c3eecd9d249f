// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/archive_reader.h"

#include <algorithm>
#include <iterator>

#include "base/iso8601.h"
#include "matroska/time_scale.h"

namespace kvsarchive::archive {
namespace {

constexpr std::chrono::seconds kOldFailure{10};
/// Asked for first after a seek, by one request: another seek may follow at once, and each fragment
/// asked for costs a point of the stream's quota.
constexpr size_t kLandingFragments = 5;
constexpr uint64_t kLandingBytes = uint64_t{4} << 20;
/// The longest fragment: how far what begins in the range may reach beyond it.
constexpr std::chrono::seconds kLongestFragment{20};

std::string nameOf(const kvs::Fragment& fragment) {
  return "Fragment " + fragment.number + " of " + formatIso8601(fragment.producerTimestamp);
}

}  // namespace

ArchiveReader::ArchiveReader(kvs::ArchivedMediaClient& client, const ArchiveOptions& options)
    : client_(client),
      options_(options),
      list_(client, {options.selector, options.clock, options.leadIn, options.duplicates}),
      fetcher_(client, RangeTrim(options.selector, options.leadIn, options.trimEnd),
               options.limits) {}

void ArchiveReader::seek(std::optional<std::chrono::milliseconds> pts,
                         std::chrono::milliseconds spacing) {
  fetcher_.clear();
  plan_.clear();
  list_.seek(pts ? splicer_->origin() + *pts : firstFragment_, firstFragment_);
  splicer_->jump();
  settleLedger();
  dropOutputs();
  if (!pts) {
    outputs_.push(DocumentHeader{header_});
  }
  listFailed_.reset();
  meter_.jump();
  position_.reset();
  afterSkip_ = false;
  anyListed_ = false;
  landing_ = true;
  planned_ = 1;
  spacing_ = spacing;
  wantedFrom_ = UnixTime::min();
  refill_ = true;
  stage_ = Stage::kFetch;
}

/// What was listed and not reached is listed again if it is wanted again.
void ArchiveReader::settleLedger() {
  countFrames();
  current_ = Current();
  auto ledger = ledger_.lock();
  ledger->listed = ledger->delivered + ledger->truncated + ledger->skipped() + ledger->superseded;
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
  if (lastDelivered_) {
    error.lastFragment = lastDelivered_->number;
    error.lastFragmentTime = timeOf(*lastDelivered_, options_.selector.type);
  }
  if (current_.frames > 0) {
    ++ledger_.lock()->truncated;
  }
  countFrames();
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
  const auto endpoint = client_.wait(*client_.dataEndpoint("LIST_FRAGMENTS"), cancel);
  if (!endpoint) {
    return endpoint.error();
  }
  mediaEndpoint_ = client_.dataEndpoint("GET_MEDIA_FOR_FRAGMENT_LIST");
  outputs_.push(Progress{Progress::Step::kOpen, true, "Endpoint found"});
  outputs_.push(Progress{Progress::Step::kList, false, "Listing fragments"});
  stage_ = Stage::kFirstList;
  return {};
}

Status ArchiveReader::firstList(const CancelToken& cancel) {
  for (;;) {
    const uint64_t count = client_.bell().count();
    const auto listed = list(cancel);
    if (listed && !*listed) {
      return listed->error();
    }
    if (listed) {
      break;
    }
    pollMediaEndpoint(cancel);
    if (!waitForNews(count, wakeAt(), cancel)) {
      return cancelledError();
    }
    measure();
    if (!outputs_.empty()) {
      return {};  // goes on with the same step
    }
  }
  if (plan_.empty()) {
    return emptyRange();
  }
  outputs_.pushFront(Progress{
      Progress::Step::kList, true,
      std::to_string(ledger().listed) + " fragments found" + (list_.done() ? "" : " so far")});
  stage_ = Stage::kFetch;
  return {};
}

/// Found while the list is, so that the first media is asked for one answer earlier. What goes
/// wrong is told by the request that needs it.
void ArchiveReader::pollMediaEndpoint(const CancelToken& cancel) {
  if (mediaEndpoint_ && mediaEndpoint_->poll(cancel) && !cancel.isCancelled()) {
    mediaEndpoint_.reset();
  }
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
  if (fetcher_.idle() && plan_.empty() && listFailed_ && !retryOldListing()) {
    return *listFailed_;
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
  const auto mediaAt = mediaEndpoint_ ? mediaEndpoint_->wakeAt() : std::nullopt;
  return earlier(earlier(fetcher_.wakeAt(), list_.wakeAt()), mediaAt);
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
  meter_.sample(now, fetcher_.receivedBytes(), position_);
  RunStats stats;
  stats.heldBytes = fetcher_.heldBytes();
  stats.bytesPerSecond = meter_.bytesPerSecond();
  stats.connections = fetcher_.connections();
  stats.pace = client_.pace();
  stats.retries = client_.retries();
  stats.listedUntil = list_.listedUntil();
  stats.listComplete = list_.done();
  stats.position = position_;
  stats.remaining = stage_ == Stage::kEnd
                        ? std::chrono::milliseconds(0)
                        : meter_.remaining(endListed_ ? listedEnd_ : options_.selector.end);
  ledger_.lock()->receivedBytes = fetcher_.receivedBytes();
  *stats_.lock() = std::move(stats);
}

RunStats ArchiveReader::stats() {
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
      listFailed_ = listed->error();
      listFailedAt_ = std::chrono::steady_clock::now();
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

/// A failure of some time ago may be over: all that was fetched ahead was handed on since.
bool ArchiveReader::retryOldListing() {
  const auto age = std::chrono::steady_clock::now() - listFailedAt_;
  if (age < kOldFailure) {
    return false;
  }
  listFailed_.reset();
  return true;
}

Status ArchiveReader::handle(FetchEvent event) {
  if (auto* blocks = std::get_if<FragmentBlocks>(&event)) {
    addBlocks(std::move(*blocks));
    return {};
  }
  if (auto* begin = std::get_if<FragmentBegin>(&event)) {
    return beginFragment(std::move(*begin));
  }
  if (auto* end = std::get_if<FragmentEnd>(&event)) {
    return endFragment(std::move(*end));
  }
  if (std::holds_alternative<FragmentOutside>(event)) {
    --ledger_.lock()->listed;
    return {};
  }
  if (const auto* skipped = std::get_if<FragmentSkipped>(&event)) {
    return skipFragment(*skipped);
  }
  return {};  // BatchEnd
}

Status ArchiveReader::beginFragment(FragmentBegin begin) {
  current_ = Current();
  current_.fragment = std::move(begin.fragment);
  ledger_.lock()->trimmedFrames += begin.trimmed;
  const auto earliest = matroska::toMillisRounded(begin.earliestTicks, begin.header.timecodeScale);
  const auto furthest = matroska::Splicer::kMaxBlockOffset + current_.fragment.length;
  if (!earliest || *earliest < -furthest || *earliest > furthest) {
    current_.cutShort = "it has blocks more than a minute away from its time";
    if (!splicer_) {
      fetcher_.expectFirstAgain();
    }
    return {};
  }
  const matroska::FragmentTime time{timeOf(current_.fragment, options_.clock), *earliest,
                                    current_.fragment.length};
  if (!splicer_) {
    beginDocument(begin, time);
  }
  auto splice = splicer_->beginFragment(begin.header, time);
  if (!splice) {
    Error error = std::move(splice.error());
    error.message = nameOf(current_.fragment) +
                    " has tracks that can't be joined to those before: " + error.message;
    return error;
  }
  if (!splice->difference.empty()) {
    tellTracks(current_.fragment, *splice);
  }
  current_.skipped = splice->skip;
  if (current_.skipped) {
    return {};
  }
  FragmentStart start;
  start.fragment = current_.fragment;
  start.origin = splicer_->origin();
  start.pts = std::max(time.time - start.origin + splice->shift, std::chrono::milliseconds(0));
  start.shift = splice->shift;
  start.discont = std::exchange(afterSkip_, false) || splice->discont;
  start.tags = std::move(begin.header.tags.producer);
  tellShift(start);
  tellDroppedTags(start, begin.header.tags.droppedTags);
  current_.start = std::move(start);
  return {};
}

void ArchiveReader::beginDocument(const FragmentBegin& begin, const matroska::FragmentTime& time) {
  splicer_.emplace(begin.header, time, options_.onTrackChange);
  *origin_.lock() = splicer_->origin();
  firstFragment_ = time.time;
  if (options_.seekable) {
    // Not by what happens to be listed already: the same range is to be the same document.
    const bool oneClock = isSameClock(options_.clock, options_.selector.type);
    const auto length = (oneClock ? options_.selector.end : listedEnd_) - splicer_->origin();
    const SeekGrid grid(length);
    header_ = Bytes::copyOf(splicer_->documentHeader(length + kLongestFragment, grid.points()));
    *seekGrid_.lock() = grid;
  } else {
    header_ = Bytes::copyOf(splicer_->documentHeader());
  }
  outputs_.push(DocumentHeader{header_});
  tellDuration();
}

void ArchiveReader::addBlocks(FragmentBlocks blocks) {
  for (matroska::ChunkBlock& block : blocks) {
    if (current_.skipped || !current_.cutShort.empty()) {
      return;
    }
    addBlock(std::move(block));
  }
}

void ArchiveReader::addBlock(matroska::ChunkBlock block) {
  auto spliced = splicer_->splice(std::move(block));
  if (!spliced) {
    current_.cutShort = spliced.error().message;
    return;
  }
  if (!spliced->has_value()) {
    ++current_.dropped;
    return;
  }
  if (current_.start) {
    current_.start->pts = (*spliced)->pts;
    tellStart();
  }
  ++current_.frames;
  position_ = std::max(position_.value_or((*spliced)->time), (*spliced)->time);
  outputs_.push(std::move(**spliced));
}

Status ArchiveReader::endFragment(FragmentEnd end) {
  landing_ = false;
  planned_ = std::min(std::max(planned_ * 2, kPlannedAtFirst), kMaxPlanned);
  if (current_.cutShort.empty()) {
    current_.cutShort = std::move(end.cutShort);
  }
  if (!end.wrongSize.empty()) {
    outputs_.push(Warning{nameOf(current_.fragment) + " is delivered as it is: " + end.wrongSize});
  }
  const Current ended = current_;
  if (ended.cutShort.empty() || ended.frames > 0) {
    tellStart();  // a fragment without frames is told too
  }
  countFrames();
  auto ledger = ledger_.lock();
  if (ended.skipped) {
    afterSkip_ = true;
    ++ledger->trackChange;
    return {};
  }
  if (ended.cutShort.empty()) {
    lastDelivered_ = ended.fragment;
    ++ledger->delivered;
    return {};
  }
  ++(ended.frames > 0 ? ledger->truncated : ledger->unreadable);
  return lose(ended.fragment, ErrorKind::kDecode,
              (ended.frames > 0 ? "ends after " + std::to_string(ended.frames) + " frames: "
                                : "is skipped: ") +
                  ended.cutShort);
}

Status ArchiveReader::skipFragment(const FragmentSkipped& skipped) {
  {
    auto ledger = ledger_.lock();
    ++(skipped.unreadable ? ledger->unreadable : ledger->missing);
  }
  return lose(skipped.fragment, skipped.unreadable ? ErrorKind::kDecode : ErrorKind::kNotFound,
              "is skipped: " + skipped.reason);
}

/// Media is missing from here on: says so, or ends the stream, as the user wants it.
Status ArchiveReader::lose(const kvs::Fragment& fragment, ErrorKind kind, const std::string& what) {
  afterSkip_ = true;
  const std::string text = nameOf(fragment) + " " + what;
  if (options_.onMissingFragment == OnMissingFragment::kError) {
    return makeError(kind, text);
  }
  outputs_.push(Warning{text});
  return {};
}

void ArchiveReader::countFrames() {
  auto ledger = ledger_.lock();
  ledger->frames += std::exchange(current_.frames, 0);
  ledger->droppedFrames += std::exchange(current_.dropped, 0);
  ledger->receivedBytes = fetcher_.receivedBytes();
}

void ArchiveReader::tellStart() {
  if (current_.start) {
    outputs_.push(std::move(*current_.start));
    current_.start.reset();
  }
}

void ArchiveReader::tellShift(const FragmentStart& start) {
  if (start.shift.count() != 0) {
    outputs_.push(Warning{nameOf(start.fragment) + " overlaps the one before it and is " +
                          "moved by " + std::to_string(start.shift.count()) + " ms"});
  }
}

/// Says once, not for every fragment, that there are too many tags.
void ArchiveReader::tellDroppedTags(const FragmentStart& start, uint64_t count) {
  if (count > 0 && !std::exchange(warnedTags_, true)) {
    outputs_.push(Warning{nameOf(start.fragment) + ", and maybe others like it, loses " +
                          std::to_string(count) +
                          " of the producer's tags, of which there are too many"});
  }
}

/// Says once, not for every fragment, which tracks are left out.
void ArchiveReader::tellTracks(const kvs::Fragment& fragment,
                               const matroska::FragmentSplice& splice) {
  if (std::exchange(warnedDifference_, splice.difference) != splice.difference) {
    outputs_.push(Warning{
        nameOf(fragment) +
        (splice.skip ? " is skipped, as are others like it" : " and others like it lose tracks") +
        ", because its tracks differ from those before: " + splice.difference});
  }
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

Error ArchiveReader::emptyRange() const {
  const auto& selector = options_.selector;
  const bool producer = selector.type == kvs::SelectorType::kProducerTimestamp;
  Error error =
      makeError(ErrorKind::kNotFound, "No fragment of the stream starts between " +
                                          formatIso8601(selector.start) + " and " +
                                          formatIso8601(selector.end) + " UTC by its " +
                                          (producer ? "producer" : "server") + " timestamp");
  error.operation = "ListFragments";
  return error;
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
