// Takes over what a source is slow with: toward the end of a content, so that nobody waits for the
// slowest, and in the middle of it when one has gone silent.
#include "daemon/swarm/fetcher.hpp"

#include <algorithm>
#include <utility>

namespace p2pd::swarm {

std::uint64_t Fetcher::queued(const Source& source) const {
  std::uint64_t bytes = 0;
  for (const Pending& pending : source.pending)
    bytes += extent_.length(pending.chunk) - pending.received;
  return bytes;
}

Fetcher::Pending* Fetcher::pending_of(const Rival& rival) {
  const auto at = place(*rival.source, rival.ticket);
  return at == rival.source->pending.end() ? nullptr : &*at;
}

bool Fetcher::is_awaited(const Pending& pending) {
  return pending.heir && pending.state == Pending::State::withdrawn;
}

// One that was asked for elsewhere as well is left alone.
bool Fetcher::is_open(const Rival& rival) {
  const Pending* const pending = pending_of(rival);
  return pending != nullptr && (!pending->heir || is_awaited(*pending));
}

void Fetcher::run_races(Time now) {
  if (stopped_ || handicap_.no_races || allowed_ > now) return;
  const bool idle = std::ranges::any_of(sources_, [now](const auto& entry) {
    const Source& source = entry.second;
    return source.pipeline.room() && source.resting_until <= now && !source.racing;
  });
  if (!idle || in_flight_ == 0) return;
  find_rivals();
  for (bool run = true; run;) {
    run = false;
    for (auto& [id, source] : sources_) run = run_race(id, source, now) || run;
  }
}

// Whoever does not confirm one withdrawal is not given time to confirm the next.
Outstanding Fetcher::outstanding(const Rival& rival, const Pending& pending, Time now) const {
  const std::uint32_t length = extent_.length(pending.chunk);
  const std::uint32_t come = pending.received + pending.arrived;
  const std::uint32_t left = length - std::min(length, come);
  const bool mute = overdue(rival.source->unconfirmed);
  return {.there = rival.time,
          .begun = pending.received > 0,
          .pace = come == 0 ? Duration() : (now - pending.begun) * left / come,
          .withdrawn = mute || pending.state == Pending::State::withdrawn,
          .unconfirmed = mute ? rival.source->unconfirmed : pending.unconfirmed,
          .stalled = rival.source->pipeline.stalled()};
}

void Fetcher::find_rivals() {
  for (auto& [id, source] : sources_) source.promised = 0;
  rivals_.clear();
  for (auto& [id, source] : sources_) {
    std::uint64_t ahead = 0;
    for (const Pending& pending : source.pending) {
      ahead += extent_.length(pending.chunk) - pending.received;
      if (!pending.heir || is_awaited(pending))
        rivals_.push_back({id, &source, pending.ticket, source.pipeline.expected(ahead)});
    }
  }
  std::ranges::stable_sort(rivals_, std::ranges::greater(), &Rival::time);
}

// True: there may be more for it to take over.
bool Fetcher::run_race(SourceId id, Source& idle, Time now) {
  if (!idle.pipeline.room() || idle.resting_until > now || idle.racing || idle.pipeline.quiet())
    return false;
  const std::uint64_t before = queued(idle);
  const auto here = [&](std::uint32_t length) {
    return idle.pipeline.expected(before + (idle.promised + 1) * length);
  };
  const Duration soon = least_worth_it(here(0));
  for (const Rival& rival : rivals_) {
    if (rival.time < soon) return false; // and so are all behind it
    if (rival.source == &idle || !is_open(rival)) continue;
    Pending& pending = *pending_of(rival);
    if (!idle.has.has(pending.chunk)) continue;
    if (idle.origin.far && !rival.source->origin.far && !imports_.relaxed()) continue;
    const auto verdict =
        judge(outstanding(rival, pending, now), here(extent_.length(pending.chunk)));
    if (is_awaited(pending) && verdict == Race::leave) continue;
    switch (verdict) {
    case Race::leave:
      return false;
    case Race::withdraw:
      pending.heir = id;
      withdraw(rival, Pending::State::withdrawn, now);
      ++idle.promised;
      return true;
    case Race::replace:
      if (ask_too(id, idle, rival, now))
        withdraw(rival, Pending::State::replaced, now);
      else
        take_over(id, idle, rival, now);
      return true;
    case Race::run:
      if (idle.pipeline.room(idle.promised) && ask_too(id, idle, rival, now))
        idle.racing = pending.chunk;
      return false;
    }
  }
  return false;
}

bool Fetcher::ask_too(SourceId id, Source& idle, const Rival& rival, Time now) {
  const bool slow = idle.pipeline.slow();
  Pending& pending = *pending_of(rival);
  if (!port_.has_memory(slow)) return false;
  const auto ticket = port_.ask(id, pending.chunk, slow, Copy::any);
  if (!ticket) return false;
  pending.heir = id;
  add_pending(id, idle, *ticket, pending.chunk, now);
  return true;
}

void Fetcher::withdraw(const Rival& rival, Pending::State state, Time now) {
  Pending& pending = *pending_of(rival);
  if (pending.state == Pending::State::asked) port_.withdraw(rival.id, rival.ticket);
  pending.state = state;
  rest(rival.id, *rival.source, state == Pending::State::replaced, now);
}

// Once for all that is taken from it at a time.
void Fetcher::rest(SourceId id, Source& source, bool replaced, Time now) {
  const bool resting = source.resting_until > now;
  if (!source.pipeline.quiet()) {
    if (replaced && !resting) source.resting_until = now + rest_of_slow(source.outrun++);
    return;
  }
  const bool stalled = source.pipeline.stalled();
  if (!resting)
    source.resting_until = now + rest_after(source.quiet++, stalled);
  else if (stalled && source.quiet > 0)
    source.resting_until = std::max(source.resting_until, now + rest_after(source.quiet - 1, true));
  if (replaced && !std::exchange(source.told, true)) port_.on_mute(id);
}

// With the memory that it waits in.
void Fetcher::take_over(SourceId id, Source& idle, const Rival& rival, Time now) {
  Source& source = *rival.source;
  rest(rival.id, source, true, now);
  const Pending pending = take_pending(source, place(source, rival.ticket), now);
  if (source.racing == pending.chunk) source.racing.reset();
  const Ticket ticket = port_.ask_with(id, pending.chunk, rival.id, rival.ticket);
  port_.cancel(rival.id, rival.ticket);
  add_pending(id, idle, ticket, pending.chunk, now);
}

// What has come the furthest is kept, one chunk where the share of slow ones has room for it.
void Fetcher::shed(SourceId id, Source& source, Time now) {
  const bool stalled = source.pipeline.stalled();
  if (!source.pipeline.slow() && !stalled) return;
  std::vector<std::pair<std::uint32_t, Ticket>> held;
  for (const Pending& pending : source.pending) {
    port_.now_slow(id, pending.ticket);
    if (!pending.heir) held.emplace_back(pending.received, pending.ticket);
  }
  std::ranges::sort(held, std::ranges::greater());
  if (stalled) rest(id, source, false, now);
  bool kept = false;
  for (const auto& [come, ticket] : held) {
    if (!kept && port_.has_share_of_slow()) {
      kept = true;
      continue;
    }
    Pending& pending = *place(source, ticket);
    if (std::exchange(pending.state, Pending::State::withdrawn) == Pending::State::asked)
      port_.withdraw(id, ticket);
    if (!stalled && pending.unconfirmed < confirmed_within_pressure) continue;
    if (!kept) rest(id, source, true, now);
    const ChunkIndex chunk = pending.chunk;
    cancel(id, source, ticket, now);
    put_back(chunk);
  }
}

// To the one for whose sake it was withdrawn, where that is still there.
void Fetcher::pass_on(SourceId from, const Pending& pending, Time now) {
  if (is_asked(pending.chunk) || !picker_.is_taken(pending.chunk)) return;
  const auto heir = pending.heir ? sources_.find(*pending.heir) : sources_.end();
  if (heir == sources_.end() || !heir->second.has.has(pending.chunk))
    return put_back(pending.chunk);
  const Ticket ticket = port_.ask_with(heir->first, pending.chunk, from, pending.ticket);
  add_pending(heir->first, heir->second, ticket, pending.chunk, now);
}

void Fetcher::disown(ChunkIndex chunk) {
  if (!is_asked(chunk)) return;
  for (auto& [id, source] : sources_)
    for (Pending& pending : source.pending)
      if (pending.chunk == chunk) pending.heir.reset();
}

void Fetcher::cancel(SourceId id, Source& source, Ticket ticket, Time now) {
  take_pending(source, place(source, ticket), now);
  port_.cancel(id, ticket);
}

void Fetcher::end_race(ChunkIndex chunk, Time now) {
  for (auto& [id, source] : sources_) {
    if (source.racing == chunk) source.racing.reset();
    const auto lost = std::ranges::find(source.pending, chunk, &Pending::chunk);
    if (lost != source.pending.end()) cancel(id, source, lost->ticket, now);
  }
}

} // namespace p2pd::swarm
