// Takes over what a source is slow with: toward the end of a content, so that nobody waits for the
// slowest, and in the middle of it when one has gone silent.
#include "daemon/download/download.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>

namespace p2pd::download {

std::uint64_t Download::queued(const Source& source) const {
  std::uint64_t bytes = 0;
  for (const auto& [request, pending] : source.pending)
    bytes += manifest_->length(pending.chunk) - pending.received;
  return bytes;
}

bool Download::is_asked(ChunkIndex chunk) const {
  return std::ranges::any_of(sources_, [&](const auto& entry) {
    return std::ranges::any_of(entry.second.pending,
                               [&](const auto& pending) { return pending.second.chunk == chunk; });
  });
}

void Download::run_races() {
  if (stopped_ || allowed_.active()) return;
  std::vector<Rival> slowest_first = rivals();
  if (slowest_first.empty()) return;
  const io::Time now = io::Clock::now();
  for (bool run = true; run;) {
    run = false;
    for (auto& [link, source] : sources_) run = run_race(source, slowest_first, now) || run;
  }
}

// One that was asked for elsewhere as well is left alone.
bool Download::Rival::open() const {
  if (pending == nullptr) return false; // it was taken over
  return pending->heir == nullptr || awaited();
}

bool Download::Rival::awaited() const {
  return pending->heir != nullptr && pending->state == Pending::State::withdrawn;
}

// Whoever does not confirm one withdrawal is not given time to confirm the next.
swarm::Outstanding Download::Rival::outstanding(std::uint32_t length, io::Time now) const {
  const std::uint32_t come = pending->received + source->link->session().arrived(request);
  const std::uint32_t left = length - std::min(length, come);
  const bool mute = swarm::overdue(source->unconfirmed);
  return {.there = time,
          .begun = pending->received > 0,
          .pace = come == 0 ? swarm::Duration() : (now - pending->begun) * left / come,
          .withdrawn = mute || pending->state == Pending::State::withdrawn,
          .unconfirmed = mute ? source->unconfirmed : pending->unconfirmed,
          .stalled = source->pipeline.stalled()};
}

std::vector<Download::Rival> Download::rivals() {
  for (auto& [link, source] : sources_) source.promised = 0;
  std::vector<Rival> found;
  for (auto& [link, source] : sources_) {
    std::uint64_t ahead = 0;
    for (auto& [request, pending] : source.pending) {
      ahead += manifest_->length(pending.chunk) - pending.received;
      const Rival rival{&source, &pending, request, source.pipeline.expected(ahead)};
      if (rival.open())
        found.push_back(rival);
      else if (const auto heir = sources_.find(pending.heir);
               heir != sources_.end() && pending.state == Pending::State::withdrawn)
        ++heir->second.promised;
    }
  }
  std::ranges::stable_sort(found, std::ranges::greater(), &Rival::time);
  return found;
}

// True: there may be more for it to take over.
bool Download::run_race(Source& idle, std::span<Rival> slowest_first, io::Time now) {
  if (!idle.pipeline.room() || idle.resting_until > now || idle.racing || idle.pipeline.quiet())
    return false;
  const std::uint64_t before = queued(idle);
  const auto verdict = [&](const Rival& each) {
    const std::uint32_t length = manifest_->length(each.pending->chunk);
    const auto here = idle.pipeline.expected(before + (idle.promised + 1) * length);
    return swarm::judge(each.outstanding(length, now), here);
  };
  const auto rival = std::ranges::find_if(slowest_first, [&](const Rival& each) {
    return each.open() && each.source != &idle && idle.has.has(each.pending->chunk) &&
           !(each.awaited() && verdict(each) == swarm::Race::leave);
  });
  if (rival == slowest_first.end()) return false;
  Pending& pending = *rival->pending;
  switch (verdict(*rival)) {
  case swarm::Race::leave:
    return false;
  case swarm::Race::withdraw:
    withdraw(*rival, Pending::State::withdrawn, now);
    pending.heir = idle.link;
    ++idle.promised;
    return true;
  case swarm::Race::replace:
    if (ask_too(idle, pending))
      withdraw(*rival, Pending::State::replaced, now);
    else
      take_over(idle, *rival, now);
    return true;
  case swarm::Race::run:
    if (idle.pipeline.room(idle.promised) && ask_too(idle, pending)) idle.racing = pending.chunk;
    return false;
  }
  return false;
}

bool Download::ask_too(Source& idle, Pending& pending) {
  if (!buffers_.has_share(disk::Direction::download, manifest_->chunk_size, filler(idle)))
    return false;
  auto buffer = buffers_.take(disk::Direction::download, manifest_->chunk_size, filler(idle));
  if (buffer == nullptr) return false;
  pending.heir = idle.link;
  ask(idle, pending.chunk, std::move(buffer));
  return true;
}

void Download::withdraw(const Rival& rival, Pending::State state, io::Time now) {
  Source& source = *rival.source;
  if (rival.pending->state == Pending::State::asked) source.link->withdraw(rival.request);
  rival.pending->state = state;
  rest(source, state == Pending::State::replaced, now);
}

// Once for all that is taken from it at a time.
void Download::rest(Source& source, bool replaced, io::Time now) {
  const bool resting = source.resting_until > now;
  if (!source.pipeline.quiet()) {
    if (replaced && !resting) source.resting_until = now + swarm::rest_of_slow(source.outrun++);
    return;
  }
  const bool stalled = source.pipeline.stalled();
  if (!resting)
    source.resting_until = now + swarm::rest_after(source.quiet++, stalled);
  else if (stalled && source.quiet > 0)
    source.resting_until =
        std::max(source.resting_until, now + swarm::rest_after(source.quiet - 1, true));
  if (!replaced || std::exchange(source.told, true)) return;
  base::log::warn("download", "{} delivers nothing; its chunks are asked elsewhere",
                  source.link->session().hello().name);
}

void Download::take_over(Source& idle, Rival& rival, io::Time now) {
  Source& source = *rival.source;
  rest(source, true, now);
  const ChunkIndex chunk = rival.pending->chunk;
  auto buffer = std::move(std::exchange(rival.pending, nullptr)->buffer);
  if (source.racing == chunk) source.racing.reset();
  cancel(source, rival.request);
  ask(idle, chunk, std::move(buffer));
}

// What has come the furthest is kept, one chunk where the share of slow ones has room for it.
void Download::shed(Source& source, io::Time now) {
  const bool stalled = source.pipeline.stalled();
  if (!source.pipeline.slow() && !stalled) return;
  std::vector<std::pair<std::uint32_t, proto::RequestId>> held;
  for (auto& [request, pending] : source.pending) {
    pending.buffer->now_slow();
    if (pending.heir == nullptr) held.emplace_back(pending.received, request);
  }
  std::ranges::sort(held, std::ranges::greater());
  if (stalled) rest(source, false, now);
  bool kept = false;
  for (const auto& [come, request] : held) {
    if (!kept && buffers_.has_share(disk::Direction::download, 0, disk::Filler::slow)) {
      kept = true;
      continue;
    }
    Pending& pending = source.pending.at(request);
    if (std::exchange(pending.state, Pending::State::withdrawn) == Pending::State::asked)
      source.link->withdraw(request);
    if (!stalled && pending.unconfirmed < swarm::confirmed_within_pressure) continue;
    if (!kept) rest(source, true, now);
    const ChunkIndex chunk = pending.chunk;
    cancel(source, request);
    put_back(chunk);
  }
}

// To the one for whose sake it was withdrawn, where that is still there.
void Download::pass_on(Pending pending) {
  if (is_asked(pending.chunk) || !picker_.is_taken(pending.chunk)) return;
  const auto heir = sources_.find(pending.heir);
  if (heir == sources_.end() || !heir->second.has.has(pending.chunk))
    return put_back(pending.chunk);
  ask(heir->second, pending.chunk, std::move(pending.buffer));
}

void Download::disown(ChunkIndex chunk) {
  for (auto& [link, source] : sources_)
    for (auto& [request, pending] : source.pending)
      if (pending.chunk == chunk) pending.heir = nullptr;
}

// Those that rest because they were quiet or slow, when nobody else can be asked any more.
void Download::ask_the_quiet() {
  if (picker_.open() == 0) return;
  for (const auto& [link, source] : sources_)
    if (!source.pending.empty()) return;
  for (auto& [link, source] : sources_) {
    if (std::exchange(source.quiet, 0) == 0 && source.outrun == 0) continue;
    source.resting_until = {};
    ask_next(source);
  }
}

void Download::cancel(Source& source, proto::RequestId request) {
  source.link->cancel(request);
  source.pending.erase(request);
  source.pipeline.ended(io::Clock::now());
}

void Download::end_race(ChunkIndex chunk) {
  for (auto& [link, source] : sources_) {
    if (source.racing == chunk) source.racing.reset();
    const auto lost = std::ranges::find_if(
        source.pending, [&](const auto& pending) { return pending.second.chunk == chunk; });
    if (lost != source.pending.end()) cancel(source, lost->first);
  }
}

} // namespace p2pd::download
