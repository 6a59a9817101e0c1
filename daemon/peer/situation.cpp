// Gathers how a transfer stands from all that take part in it.
#include "daemon/peer/situation.hpp"

#include "daemon/base/system_limits.hpp"
#include "daemon/peer/transfers.hpp"

#include <algorithm>

namespace p2pd::peer {

namespace {

std::vector<TrackerSituation> situation_of(const Trackers& trackers, const ContentId& content) {
  std::vector<TrackerSituation> list;
  for (const auto& link : trackers.links()) {
    list.push_back({.address = base::to_text(link->address()),
                    .port = link->address().port,
                    .connected = link->state() == TrackerLink::State::connected,
                    .cloned = link->state() == TrackerLink::State::cloned,
                    .cause = link->cause(),
                    .tried = link->attempts()});
    if (const auto refused = link->refused().find(content); refused != link->refused().end())
      list.back().refusal = refused->second;
  }
  return list;
}

Reasons with_warning(Reasons reasons, const TransferRow& row) {
  if (!row.warning.empty())
    reasons.push_back({"publisher", row.warning,
                       "p2pctl fetch CONTENT --force takes the other one; auto_fetch = "
                       "[\"GLOB@PEERID\"] names whom to follow"});
  return reasons;
}

PathTrouble trouble_of(const Link& link) {
  if (link.session().in_hole()) return PathTrouble::suspected;
  return link.evades_hole() ? PathTrouble::evaded : PathTrouble::none;
}

} // namespace

void Sources::describe(Situation& situation) const {
  situation.trackers = situation_of(trackers_, content_);
  situation.told = told_;
  situation.restricted = !from_.everybody();
  if (links_.full()) situation.full = links_.why_full();
  for (const auto& [id, located] : located_) {
    SourceSituation source;
    source.name = located.peer.node.name;
    source.id = id;
    if (Link* const link = links_.find(id)) {
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
    situation.sources.push_back(std::move(source));
  }
  situation.checking = manifest_ != nullptr && manifest_->checks();
}

void ManifestFetch::describe(const Link& link, SourceSituation& situation) const {
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

void Download::describe(Situation& situation) const {
  for (std::uint32_t i = 0; i < manifest_->chunks() && !sources_.empty(); ++i) {
    if (!picker_.is_open(ChunkIndex{i})) continue;
    const bool somewhere = std::ranges::any_of(
        sources_, [i](const auto& entry) { return entry.second.has.has(ChunkIndex{i}); });
    if (!somewhere && situation.nowhere++ == 0) situation.example = i;
  }
  situation.limited = allowed_.active();
  situation.no_memory = memory_.waiting();
  if (memory_.waiting() && buffers_.lacks_memory()) situation.memory_limit = base::memory_limit();
}

void Download::describe(const Link& link, SourceSituation& situation) const {
  const auto found = sources_.find(const_cast<Link*>(&link));
  if (found == sources_.end()) return;
  const Source& source = found->second;
  const io::Time now = io::Clock::now();
  const bool rests = source.resting_until > now;
  situation.busy = rests || source.pipeline.quiet();
  if (rests && source.outrun > 0) situation.outrun = source.resting_until - now;
  situation.rate = source.pipeline.rate();
  if (source.pipeline.slow() || source.pipeline.stalled())
    situation.held = source.pending.size() * std::uint64_t{manifest_->chunk_size};
  const auto oldest = std::ranges::min_element(
      source.pending, {}, [](const auto& pending) { return pending.second.since; });
  if (oldest == source.pending.end()) return;
  const auto& [request, pending] = *oldest;
  situation.chunk = {number(pending.chunk), now - pending.since, manifest_->length(pending.chunk),
                     pending.received + link.session().arrived(request)};
}

Situation Transfer::situation() const {
  Situation situation;
  situation.id = row_.request.id;
  situation.state = row_.state;
  situation.stage = row_.stage;
  situation.failure = row_.failure;
  situation.rate = row_.rate;
  situation.turn = slot_.waits() ? slot_.most() : 0;
  situation.copying = copy_ != nullptr;
  sources_.describe(situation);
  if (download_ != nullptr) download_->describe(situation);
  return situation;
}

void Transfers::explain(std::uint64_t id, const Explained& explained,
                        const Follower& follower) const {
  if (const auto running = running_.find(id); running != running_.end()) {
    const Transfer& transfer = *running->second.transfer;
    return explained(transfer.row(),
                     with_warning(peer::explain(transfer.situation()), transfer.row()));
  }
  const auto ended = ended_.find(id);
  if (ended == ended_.end()) return follower.refused(unknown(id));
  Situation situation;
  situation.id = id;
  situation.state = ended->second.state;
  situation.failure = ended->second.failure;
  explained(ended->second, with_warning(peer::explain(situation), ended->second));
}

} // namespace p2pd::peer
