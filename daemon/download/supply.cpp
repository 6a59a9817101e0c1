// Gathers what a fetch has to fetch from, from all that take part in it.
#include "daemon/download/supply.hpp"

#include "daemon/base/system_limits.hpp"
#include "daemon/download/sources.hpp"

#include <algorithm>

namespace p2pd::download {

namespace {

std::vector<TrackerSituation> situation_of(const membership::Trackers& trackers,
                                           const ContentId& content) {
  std::vector<TrackerSituation> list;
  for (const auto& link : trackers.links()) {
    list.push_back({.address = base::to_text(link->address()),
                    .port = link->address().port,
                    .connected = link->state() == membership::TrackerLink::State::connected,
                    .cloned = link->state() == membership::TrackerLink::State::cloned,
                    .cause = link->cause(),
                    .tried = link->attempts()});
    if (const auto refused = link->refused().find(content); refused != link->refused().end())
      list.back().refusal = refused->second;
  }
  return list;
}

PathTrouble trouble_of(const links::Link& link) {
  if (link.session().in_hole()) return PathTrouble::suspected;
  return link.evades_hole() ? PathTrouble::evaded : PathTrouble::none;
}

} // namespace

void Sources::describe(Supply& supply) const {
  supply.trackers = situation_of(trackers_, content_);
  supply.told = told_;
  supply.restricted = !from_.everybody();
  if (links_.full()) supply.full = links_.why_full();
  for (const auto& [id, located] : located_) {
    SourceSituation source;
    source.name = located.peer.node.name;
    source.id = id;
    if (links::Link* const link = links_.find(id)) {
      if (!used_.contains(link)) continue; // it has said that it has none of it
      source.connected = true;
      source.offers = offers_.contains(link);
      source.path = trouble_of(*link);
      if (manifest_ != nullptr) manifest_->describe(*link, source);
      if (download_ != nullptr) download_->describe(*link, source);
    } else if (located.current && neighbours_.is_tried(id)) {
      source.distrusted = links_.distrusts(id);
      source.banned = links_.banned(id);
      source.cause = links_.cause(id);
      source.tried = links_.attempts(id);
      source.may_call_back = trackers_.connected() > 0;
    } else {
      continue;
    }
    supply.sources.push_back(std::move(source));
  }
  supply.checking = manifest_ != nullptr && manifest_->checks();
}

void ManifestFetch::describe(const links::Link& link, SourceSituation& situation) const {
  const auto source = std::ranges::find(sources_, &link, &Source::link);
  if (source == sources_.end()) return;
  const io::Time now = io::Clock::now();
  if (!source->request) {
    if (source->silent > 0 && source->resting_until > now)
      situation.manifest =
          ManifestSituation{.silent = source->silent, .rests = source->resting_until - now};
    return;
  }
  const swarm::Asked& asked = source->request->state;
  situation.manifest = {.waited = now - asked.since,
                        .silent = source->silent,
                        .size = asked.size,
                        .received = asked.received};
}

void Download::describe(Supply& supply) const {
  const auto& sources = fetcher_.sources();
  for (std::uint32_t i = 0; i < manifest_->chunks() && !sources.empty(); ++i) {
    if (!fetcher_.picker().is_open(ChunkIndex{i})) continue;
    const bool somewhere = std::ranges::any_of(
        sources, [i](const auto& entry) { return entry.second.has.has(ChunkIndex{i}); });
    if (!somewhere && supply.nowhere++ == 0) supply.example = i;
  }
  const io::Time now = io::Clock::now();
  const auto limits = [now](const swarm::Bucket& bucket) {
    return bucket.wait(now) > swarm::Duration::zero();
  };
  supply.limited = allowed_.active() && limits(limits_.all);
  supply.far_limited = allowed_.active() && limits(limits_.between_sites);
  supply.no_memory = memory_.waiting();
  if (memory_.waiting() && buffers_.lacks_memory()) supply.memory_limit = base::memory_limit();
}

void Download::describe(const links::Link& link, SourceSituation& situation) const {
  const swarm::Fetcher::Source* const found = source_of(link);
  if (found == nullptr) return;
  const swarm::Fetcher::Source& source = *found;
  const io::Time now = io::Clock::now();
  const bool rests = source.resting_until > now;
  situation.busy = rests || source.pipeline.quiet();
  if (rests && source.outrun > 0) situation.outrun = source.resting_until - now;
  situation.rate = source.pipeline.rate();
  if (source.pipeline.slow() || source.pipeline.stalled())
    situation.held = source.pending.size() * std::uint64_t{manifest_->chunk_size};
  if (source.pending.empty()) return;
  const swarm::Fetcher::Pending& oldest = source.pending.front();
  situation.chunk = {number(oldest.chunk), now - oldest.since, manifest_->length(oldest.chunk),
                     oldest.received + link.session().arrived(proto::RequestId{oldest.ticket})};
}

} // namespace p2pd::download
