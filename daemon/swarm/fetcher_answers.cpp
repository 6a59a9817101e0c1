// What sources answer to requests, and what becomes of chunks that are whole.
#include "daemon/swarm/fetcher.hpp"

#include <algorithm>
#include <utility>

namespace p2pd::swarm {

namespace {

constexpr Duration busy_rest = std::chrono::seconds(1);

} // namespace

void Fetcher::measured(SourceId id, Duration rtt) {
  if (const auto found = sources_.find(id); found != sources_.end())
    found->second.pipeline.measured(rtt);
}

void Fetcher::begun(SourceId id, Ticket ticket, Time now) {
  Source& source = sources_.at(id);
  source.partial = 0;
  if (const auto at = place(source, ticket); at->received == 0) at->begun = now;
}

// A segment may take a slow source many seconds.
void Fetcher::arrived(SourceId id, Ticket ticket, std::uint32_t bytes, Time now) {
  Source& source = sources_.at(id);
  place(source, ticket)->arrived = bytes;
  if (bytes <= source.partial) return;
  source.pipeline.received(bytes - std::exchange(source.partial, bytes), now);
  on_alive(source);
}

bool Fetcher::got(SourceId id, Ticket ticket, std::uint32_t bytes, Time now) {
  Source& source = sources_.at(id);
  const auto at = place(source, ticket);
  at->received += bytes;
  at->arrived = 0;
  on_alive(source);
  source.pipeline.received(bytes - std::min(bytes, std::exchange(source.partial, 0)), now);
  if (at->received < extent_.length(at->chunk)) return false;
  const ChunkIndex chunk = take_pending(source, at, now).chunk;
  if (std::exchange(source.outrun, 0) > 0) source.resting_until = {};
  if (source.racing == chunk) source.racing.reset();
  const bool raced = is_asked(chunk);
  if (raced) end_race(chunk, now);
  ++unverified_;
  imports_.progressed(now);
  if (raced)
    fill(now);
  else
    fill_one(id, source, now);
  return true;
}

void Fetcher::refused(SourceId id, Ticket ticket, Refusal why, Time now) {
  const auto found = sources_.find(id);
  if (found == sources_.end()) return;
  Source& source = found->second;
  const auto at = place(source, ticket);
  if (at == source.pending.end()) return;
  const Pending pending = take_pending(source, at, now);
  const ChunkIndex chunk = pending.chunk;
  if (source.racing == chunk) source.racing.reset();
  each_limit(id, source,
             [&](Bucket& bucket) { bucket.put_back(extent_.length(chunk) - pending.received); });
  disown(chunk);
  if (why == Refusal::elsewhere) picker_.sent_elsewhere(chunk);
  if (pending.state != Pending::State::asked) {
    pass_on(id, pending, now);
    return fill(now);
  }
  put_back(chunk);
  const bool lies = why == Refusal::elsewhere && pending.copy == Copy::any;
  if (why == Refusal::busy || lies) source.resting_until = now + busy_rest;
  if (why == Refusal::missing && source.has.remove(chunk)) {
    if (source.counted) picker_.source_lost(chunk);
    if (!source.origin.far) imports_.lost(chunk);
  }
  fill(now);
}

void Fetcher::sent(const ChunkSet& chunks) {
  chunks.each([this](ChunkIndex chunk) { picker_.sent_elsewhere(chunk); });
}

void Fetcher::verified(ChunkIndex chunk) {
  --unverified_;
  picker_.got(chunk);
}

void Fetcher::forged(ChunkIndex chunk) {
  --unverified_;
  put_back(chunk);
}

void Fetcher::put_back(ChunkIndex chunk) {
  if (is_asked(chunk) || !picker_.is_taken(chunk)) return;
  picker_.put_back(chunk);
  ++put_back_;
}

} // namespace p2pd::swarm
