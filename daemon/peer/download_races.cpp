// Takes over what a source is slow with: toward the end of a content, so that nobody waits for the
// slowest, and in the middle of it when one has gone silent.
#include "daemon/peer/download.hpp"

#include "daemon/base/log.hpp"
#include "daemon/swarm/race.hpp"

#include <algorithm>

namespace p2pd::peer {

namespace {

constexpr io::Clock::duration slow_rest = std::chrono::seconds(10);

} // namespace

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
  if (stopped_) return;
  const io::Time now = io::Clock::now();
  for (bool run = true; run;) {
    run = false;
    for (auto& [link, source] : sources_) run = run_race(source, now) || run;
  }
}

bool Download::run_race(Source& idle, io::Time now) {
  if (!idle.pipeline.room() || idle.resting_until > now || idle.racing || allowed_.active() ||
      idle.pipeline.stalled(now))
    return false;
  const auto rival = slowest_for(idle, now);
  if (!rival) return false;
  const Pending& pending = rival->source->pending.at(rival->request);
  const ChunkIndex chunk = pending.chunk;
  const auto here = idle.pipeline.expected(queued(idle) + manifest_->length(chunk), now);
  const swarm::Race verdict = swarm::judge(rival->time, here, pending.received > 0);
  if (verdict == swarm::Race::leave) return false;
  auto buffer = buffers_.take(disk::Direction::download, manifest_->chunk_size);
  if (buffer == nullptr) return false;
  if (rival->source->pipeline.stalled(now)) {
    base::log::warn("download", "{} delivers nothing; its chunks are asked elsewhere",
                    rival->source->link->session().hello().name);
    rival->source->resting_until = now + slow_rest;
    rival->source->slow = true;
  }
  if (verdict == swarm::Race::move)
    cancel(*rival->source, rival->request);
  else
    idle.racing = chunk;
  ask(idle, chunk, std::move(buffer));
  return verdict == swarm::Race::move; // then there may be more
}

// Those that rest because they were slow, when nobody else can be asked any more.
void Download::ask_the_slow() {
  if (picker_.open() == 0) return;
  for (const auto& [link, source] : sources_)
    if (!source.pending.empty()) return;
  for (auto& [link, source] : sources_) {
    if (!std::exchange(source.slow, false)) continue;
    source.resting_until = {};
    ask_next(source);
  }
}

// Of what the idle source has, and only one other was asked for: what takes the longest.
std::optional<Download::Rival> Download::slowest_for(const Source& idle, io::Time now) {
  std::optional<Rival> slowest;
  for (auto& [link, source] : sources_) {
    if (&source == &idle) continue;
    std::uint64_t ahead = 0;
    for (const auto& [request, pending] : source.pending) {
      ahead += manifest_->length(pending.chunk) - pending.received;
      const bool raced = std::ranges::any_of(sources_, [chunk = pending.chunk](const auto& other) {
        return other.second.racing == chunk;
      });
      if (!idle.has.has(pending.chunk) || raced) continue;
      const auto time = source.pipeline.expected(ahead, now);
      if (!slowest || time > slowest->time) slowest = Rival{&source, request, time};
    }
  }
  return slowest;
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

} // namespace p2pd::peer
