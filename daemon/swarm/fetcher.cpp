#include "daemon/swarm/fetcher.hpp"

#include <algorithm>
#include <utility>

namespace p2pd::swarm {

Fetcher::Fetcher(const Extent& extent, const ChunkSet& missing, Order order, std::uint64_t seed,
                 const Buckets& limits, FetcherPort& port, Time now, const Handicap& handicap,
                 std::uint64_t key)
    : extent_(extent)
    , handicap_(handicap)
    , port_(port)
    , limits_(limits)
    , picker_(missing, order, seed)
    , imports_(missing.chunks(), key, now)
    , asked_(missing.chunks())
    , last_tick_(now) {}

SourceId Fetcher::add(ChunkSet has, Time now, const Origin& origin) {
  const bool counted = !has.full() && !handicap_.random_picks;
  if (counted) picker_.add_source(has);
  if (!origin.far) imports_.add(origin.key, has, now);
  const SourceId id{next_source_++};
  sources_.emplace(id, Source{.has = std::move(has),
                              .origin = origin,
                              .counted = counted,
                              .pipeline = Pipeline(extent_.chunk_size, handicap_.window)});
  return id;
}

void Fetcher::gained(SourceId id, std::span<const ChunkIndex> chunks, Time now) {
  const auto found = sources_.find(id);
  if (found == sources_.end()) return;
  Source& source = found->second;
  for (const ChunkIndex chunk : chunks)
    if (source.has.add(chunk)) {
      if (source.counted) picker_.source_gained(chunk);
      if (!source.origin.far) imports_.gained(source.origin.key, chunk, now);
    }
  source.dry = 0;
  fill_one(id, source, now);
}

void Fetcher::remove(SourceId id, Time now) {
  const auto found = sources_.find(id);
  if (found == sources_.end()) return;
  Source source = std::move(found->second);
  sources_.erase(found);
  if (source.counted) picker_.remove_source(source.has);
  if (!source.origin.far) imports_.remove(source.origin.key, source.has);
  release(id, source, now);
  fill(now);
}

void Fetcher::release(SourceId id, Source& source, Time now) {
  source.racing.reset();
  while (!source.pending.empty()) {
    const Pending pending = take_pending(source, source.pending.begin(), now);
    port_.cancel(id, pending.ticket);
    disown(pending.chunk);
    put_back(pending.chunk);
  }
}

void Fetcher::stop(Time now) {
  stopped_ = true;
  for (auto& [id, source] : sources_) release(id, source, now);
  sources_.clear();
}

std::vector<Fetcher::Pending>::iterator Fetcher::place(Source& source, Ticket ticket) {
  const auto at = std::ranges::lower_bound(source.pending, ticket, {}, &Pending::ticket);
  return at != source.pending.end() && at->ticket == ticket ? at : source.pending.end();
}

const Fetcher::Pending* Fetcher::find(SourceId id, Ticket ticket) const {
  const auto source = sources_.find(id);
  if (source == sources_.end()) return nullptr;
  const auto& all = source->second.pending;
  const auto at = std::ranges::lower_bound(all, ticket, {}, &Pending::ticket);
  return at != all.end() && at->ticket == ticket ? &*at : nullptr;
}

void Fetcher::add_pending(SourceId id, Source& source, Ticket ticket, ChunkIndex chunk, Time now,
                          Copy copy) {
  each_limit(id, source, [&](Bucket& bucket) { bucket.take(extent_.length(chunk), now); });
  source.pending.push_back(
      {.ticket = ticket, .chunk = chunk, .since = now, .copy = copy, .heir = {}});
  ++asked_[number(chunk)];
  ++in_flight_;
  source.pipeline.asked(now);
}

Fetcher::Pending Fetcher::take_pending(Source& source, std::vector<Pending>::iterator at,
                                       Time now) {
  const Pending pending = *at;
  source.pending.erase(at);
  --asked_[number(pending.chunk)];
  --in_flight_;
  source.pipeline.ended(now);
  return pending;
}

void Fetcher::on_alive(Source& source) {
  if (std::exchange(source.quiet, 0) > 0) source.resting_until = {};
  source.told = false;
}

// Round after round one request to each source that has room, so that none takes all that is left.
void Fetcher::fill(Time now) {
  if (stopped_) return;
  for (bool asked = true; asked && picker_.open() > 0;) {
    asked = false;
    for (auto& [id, source] : sources_) asked = ask_next(id, source, now) || asked;
  }
  ask_the_quiet(now);
}

// The same where nothing has changed for the others.
void Fetcher::fill_one(SourceId id, Source& source, Time now) {
  if (stopped_) return;
  while (ask_next(id, source, now)) continue;
  ask_the_quiet(now);
}

bool Fetcher::ask_next(SourceId id, Source& source, Time now) {
  const std::size_t unverified = unverified_ / sources_.size();
  const bool slow = source.pipeline.slow();
  if (picker_.open() == 0 || source.dry == put_back_ || !source.pipeline.room(unverified) ||
      source.resting_until > now || !port_.has_memory(slow))
    return false;
  Duration wait{};
  each_limit(id, source, [&](const Bucket& bucket) { wait = std::max(wait, bucket.wait(now)); });
  if (wait > Duration::zero()) {
    if (!source.origin.far) allowed_ = now + wait;
    port_.fill_after(wait);
    return false;
  }
  const auto chunk = source.origin.far ? picker_.pick(imports_.of(source.has), source.counted)
                                       : picker_.pick(source.has, source.counted);
  if (!chunk) {
    source.dry = put_back_;
    return false;
  }
  const bool known = picker_.is_elsewhere(*chunk, source.counted) || handicap_.any_copy;
  const Copy copy = known ? Copy::any : Copy::first;
  const auto ticket = port_.ask(id, *chunk, slow, copy);
  if (ticket)
    add_pending(id, source, *ticket, *chunk, now, copy);
  else
    put_back(*chunk);
  return ticket.has_value();
}

// Those that rest because they were quiet or slow, when nobody else can be asked any more.
void Fetcher::ask_the_quiet(Time now) {
  if (picker_.open() == 0 || in_flight_ > 0) return;
  for (auto& [id, source] : sources_) {
    if (std::exchange(source.quiet, 0) == 0 && source.outrun == 0) continue;
    source.resting_until = {};
    ask_next(id, source, now);
  }
}

// Where this node did not run for a while, what has come meanwhile is not read yet.
void Fetcher::tick(bool pressed, Time now) {
  if (stopped_) return;
  const Duration waited = std::min<Duration>(now - last_tick_, tick_period);
  last_tick_ = now;
  for (auto& [id, source] : sources_) {
    source.pipeline.waited(waited);
    source.unconfirmed = {};
    for (Pending& pending : source.pending)
      if (pending.state != Pending::State::asked)
        source.unconfirmed = std::max(source.unconfirmed, pending.unconfirmed += waited);
  }
  if (pressed)
    for (auto& [id, source] : sources_) shed(id, source, now);
  if (imports_.tick(now))
    for (auto& [id, source] : sources_)
      if (source.origin.far) source.dry = 0;
  fill(now);
  run_races(now);
}

bool Fetcher::starved() const {
  if (unverified_ > 0 || in_flight_ > 0) return false;
  return std::ranges::all_of(sources_, [this](const auto& entry) {
    return !entry.second.has.any([this](ChunkIndex chunk) { return picker_.is_open(chunk); });
  });
}

bool Fetcher::is_lacked(ChunkIndex chunk) const {
  return std::ranges::any_of(sources_,
                             [chunk](const auto& entry) { return !entry.second.has.has(chunk); });
}

bool Fetcher::is_sole(SourceId id) const {
  const auto source = sources_.find(id);
  if (source == sources_.end()) return false;
  const bool elsewhere = std::ranges::any_of(
      sources_, [&](const auto& entry) { return entry.first != id && entry.second.has.full(); });
  if (elsewhere) return false;
  return !source->second.counted || picker_.is_sole(source->second.has);
}

} // namespace p2pd::swarm
