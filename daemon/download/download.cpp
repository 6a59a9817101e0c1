#include "daemon/download/download.hpp"

#include "daemon/base/log.hpp"
#include "daemon/disk/digest.hpp"

#include <algorithm>

namespace p2pd::download {

namespace {

constexpr io::milliseconds tick_period{100};
constexpr io::Clock::duration busy_rest = std::chrono::seconds(1);

} // namespace

Download::Download(io::Loop& loop, disk::BufferPool& buffers, const ContentId& content,
                   std::shared_ptr<const proto::Manifest> manifest,
                   std::shared_ptr<disk::WriteStore> store, const proto::ChunkSet& missing,
                   swarm::Order order, swarm::Bucket& limit, links::LinkUser& asker,
                   DownloadListener& listener)
    : loop_(loop)
    , buffers_(buffers)
    , content_(content)
    , manifest_(std::move(manifest))
    , store_(std::move(store))
    , asker_(asker)
    , listener_(listener)
    , picker_(missing, order, std::random_device{}())
    , limit_(limit)
    , memory_(buffers, io::bind<&Download::fill>(this))
    , allowed_(loop, io::bind<&Download::fill>(this))
    , tick_(loop, io::bind<&Download::on_tick>(this)) {
  tick_.every(tick_period);
}

Download::~Download() {
  stop();
}

bool Download::is_lacked(ChunkIndex chunk) const {
  return std::ranges::any_of(sources_,
                             [chunk](const auto& entry) { return !entry.second.has.has(chunk); });
}

void Download::stop() {
  stopped_ = true;
  tick_.stop();
  memory_.stop();
  allowed_.stop();
  jobs_.clear();
  for (auto& [link, source] : sources_) release(source);
  sources_.clear();
}

bool Download::awaits(const links::Link& link) const {
  const auto source = sources_.find(const_cast<links::Link*>(&link));
  return source != sources_.end() && !source->second.pending.empty();
}

bool Download::is_whole(const links::Link& link) const {
  const auto source = sources_.find(const_cast<links::Link*>(&link));
  return source != sources_.end() && source->second.has.full();
}

bool Download::is_sole(const links::Link& link) const {
  const auto source = sources_.find(const_cast<links::Link*>(&link));
  if (source == sources_.end()) return false;
  const bool elsewhere = std::ranges::any_of(sources_, [&](const auto& entry) {
    return entry.first != source->first && entry.second.has.full();
  });
  if (elsewhere) return false;
  return !source->second.counted || picker_.is_sole(source->second.has);
}

bool Download::starved() const {
  if (!jobs_.empty()) return false;
  return std::ranges::all_of(sources_, [this](const auto& entry) {
    const Source& source = entry.second;
    if (!source.pending.empty()) return false;
    return !source.has.any([this](ChunkIndex chunk) { return picker_.is_open(chunk); });
  });
}

void Download::add_source(links::Link& link, proto::ChunkSet has) {
  remove_source(link);
  const bool counted = !has.full();
  if (counted) picker_.add_source(has);
  sources_.emplace(&link, Source{.link = &link,
                                 .has = std::move(has),
                                 .counted = counted,
                                 .pipeline = swarm::Pipeline(manifest_->chunk_size),
                                 .racing = {}});
  fill();
}

void Download::source_gained(links::Link& link, std::span<const ChunkIndex> chunks) {
  const auto found = sources_.find(&link);
  if (found == sources_.end()) return;
  Source& source = found->second;
  for (const ChunkIndex chunk : chunks) {
    if (number(chunk) >= source.has.chunks()) throw proto::Error("a chunk beyond its content");
    if (source.has.add(chunk) && source.counted) picker_.source_gained(chunk);
  }
  source.dry = false;
  fill();
}

void Download::remove_source(links::Link& link) {
  const auto found = sources_.find(&link);
  if (found == sources_.end()) return;
  Source source = std::move(found->second);
  sources_.erase(found);
  if (source.counted) picker_.remove_source(source.has);
  release(source);
  fill();
}

void Download::release(Source& source) {
  source.racing.reset();
  for (const auto& [request, pending] : std::exchange(source.pending, {})) {
    source.link->cancel(request);
    source.pipeline.ended(io::Clock::now());
    disown(pending.chunk);
    put_back(pending.chunk);
  }
}

void Download::on_alive(Source& source) {
  if (std::exchange(source.quiet, 0) > 0) source.resting_until = {};
  source.told = false;
}

// A segment may take a slow source many seconds.
void Download::count_partial(Source& source, io::Time now) {
  for (const auto& [request, pending] : source.pending) {
    const std::uint32_t arrived = source.link->session().arrived(request);
    if (arrived == 0) continue;
    if (arrived <= source.partial) return;
    source.pipeline.received(arrived - std::exchange(source.partial, arrived), now);
    return on_alive(source);
  }
}

void Download::put_back(ChunkIndex chunk) {
  if (is_asked(chunk) || !picker_.is_taken(chunk)) return;
  picker_.put_back(chunk);
  for (auto& [link, source] : sources_) source.dry = false;
}

// Round after round one request to each source that has room, so that none takes all that is left.
void Download::fill() {
  if (stopped_) return;
  for (bool asked = true; asked && picker_.open() > 0;) {
    asked = false;
    for (auto& [link, source] : sources_) asked = ask_next(source) || asked;
  }
  ask_the_quiet();
}

bool Download::ask_next(Source& source) {
  const io::Time now = io::Clock::now();
  const std::size_t unverified = jobs_.size() / sources_.size();
  if (source.dry || !source.pipeline.room(unverified) || source.resting_until > now ||
      picker_.open() == 0 ||
      !buffers_.has_share(disk::Direction::download, manifest_->chunk_size, filler(source)))
    return false;
  if (const auto wait = limit_.wait(now);
      wait > swarm::Duration::zero() && !source.link->exempt()) {
    allowed_.once(io::ceil_milliseconds(wait));
    return false;
  }
  const auto chunk = picker_.pick(source.has, source.counted);
  source.dry = !chunk;
  if (!chunk) return false;
  auto buffer = buffers_.take(disk::Direction::download, manifest_->chunk_size, filler(source));
  if (buffer == nullptr) {
    put_back(*chunk);
    memory_.wait();
    return false;
  }
  ask(source, *chunk, std::move(buffer));
  return true;
}

void Download::ask(Source& source, ChunkIndex chunk, std::shared_ptr<disk::Buffer> buffer) {
  const io::Time now = io::Clock::now();
  if (!source.link->exempt()) limit_.take(manifest_->length(chunk), now);
  const proto::RequestId request = source.link->request_chunk(content_, chunk, asker_);
  source.pending.emplace(request, Pending{.chunk = chunk, .buffer = std::move(buffer)});
  source.pipeline.asked(now);
}

proto::MutableView Download::segment_space(links::Link& link, const proto::Segment& segment) {
  const auto source = sources_.find(&link);
  if (source == sources_.end()) return {};
  const auto found = source->second.pending.find(segment.request);
  if (found == source->second.pending.end()) return {};
  Pending& pending = found->second;
  if (segment.offset != pending.received ||
      segment.length > manifest_->length(pending.chunk) - pending.received)
    throw proto::Error("a segment out of order or beyond its chunk");
  source->second.partial = 0;
  if (pending.received == 0) pending.begun = io::Clock::now();
  return pending.buffer->bytes().subspan(segment.offset, segment.length);
}

void Download::on_segment(links::Link& link, const proto::Segment& segment) {
  Source& source = sources_.at(&link);
  const auto found = source.pending.find(segment.request);
  found->second.received += segment.length;
  on_alive(source);
  source.pipeline.received(segment.length - std::exchange(source.partial, 0), io::Clock::now());
  if (found->second.received < manifest_->length(found->second.chunk)) return;
  Pending whole = std::move(found->second);
  source.pending.erase(found);
  source.pipeline.ended(io::Clock::now());
  if (std::exchange(source.outrun, 0) > 0) source.resting_until = {};
  link.finished(segment.request);
  end_race(whole.chunk);
  verify(link.id(), std::move(whole));
  fill();
}

void Download::verify(const proto::PeerId& from, Pending pending) {
  const auto job = jobs_.emplace(jobs_.end());
  const ChunkIndex chunk = pending.chunk;
  *job = io::run(
      loop_,
      [store = store_, manifest = manifest_, buffer = pending.buffer,
       bytes = pending.buffer->bytes().first(manifest_->length(chunk)), chunk] {
        if (disk::chunk_hash(bytes) != manifest->hashes[number(chunk)])
          return Checked{Verdict::forged, {}};
        if (const disk::Outcome written = store->write(manifest->offset(chunk), bytes); !written)
          return Checked{Verdict::unwritten, written.fault()};
        return Checked{};
      },
      [this, from, chunk, job](const Checked& checked) { on_verified(from, chunk, job, checked); });
}

void Download::on_verified(const proto::PeerId& from, ChunkIndex chunk, Jobs::iterator job,
                           const Checked& checked) {
  jobs_.erase(job);
  if (stopped_) return;
  switch (checked.verdict) {
  case Verdict::good:
    picker_.got(chunk);
    listener_.on_chunk(chunk, from);
    if (picker_.missing() == 0) return listener_.on_complete();
    return fill();
  case Verdict::forged:
    put_back(chunk);
    listener_.on_forged(from, chunk); // may remove the source
    return fill();
  case Verdict::unwritten:
    stopped_ = true;
    return listener_.on_write_failed(*checked.fault);
  }
}

void Download::on_failed(links::Link& link, const proto::Failed& failed) {
  const auto found = sources_.find(&link);
  if (found == sources_.end()) return;
  Source& source = found->second;
  auto refused = source.pending.extract(failed.request);
  if (refused.empty()) return;
  source.pipeline.ended(io::Clock::now());
  const ChunkIndex chunk = refused.mapped().chunk;
  if (source.racing == chunk) source.racing.reset();
  disown(chunk);
  if (refused.mapped().state != Pending::State::asked) {
    pass_on(std::move(refused.mapped()));
    return fill();
  }
  put_back(chunk);
  if (failed.reason == proto::Reason::busy) {
    source.resting_until = io::Clock::now() + busy_rest;
  } else if (source.has.has(chunk)) { // it does not have it after all
    if (source.counted) picker_.source_lost(chunk);
    source.has.remove(chunk);
  }
  fill();
}

// Where this node did not run for a while, what has come meanwhile is not read yet.
void Download::on_tick() {
  const io::Time now = io::Clock::now();
  const auto waited = std::min<io::Clock::duration>(now - last_tick_, tick_period);
  last_tick_ = now;
  for (auto& [link, source] : sources_) {
    count_partial(source, now);
    source.pipeline.waited(waited);
    source.unconfirmed = {};
    for (auto& [request, pending] : source.pending)
      if (pending.state != Pending::State::asked)
        source.unconfirmed = std::max(source.unconfirmed, pending.unconfirmed += waited);
    if (const auto rtt = link->session().rtt()) source.pipeline.measured(*rtt);
  }
  if (buffers_.waiting(disk::Direction::download) > 0)
    for (auto& [link, source] : sources_) shed(source, now);
  fill();
  run_races();
}

} // namespace p2pd::download
