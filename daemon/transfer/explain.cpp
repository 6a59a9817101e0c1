#include "daemon/transfer/situation.hpp"
#include "proto/units.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace p2pd::transfer {

namespace {

// A chunk that takes longer than this is told of.
constexpr io::Clock::duration long_for_a_chunk = std::chrono::seconds(5);

std::uint64_t kibibytes(std::uint64_t bytes) {
  return (bytes + 1023) / 1024;
}

std::int64_t whole_seconds(io::Clock::duration time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

Reason why_absent(const download::TrackerSituation& tracker) {
  std::string finding = fmt::format("the tracker {} is not connected: {}", tracker.address,
                                    net::to_text(tracker.tried, tracker.cause));
  if (tracker.cloned)
    return {"identity", std::move(finding),
            "stop p2pd here, remove identity.key from its state folder, and start it again: it "
            "becomes a member of its own"};
  if (net::unresolved(tracker.tried))
    return {"dns", std::move(finding),
            "mend the name servers in /etc/resolv.conf, or name the tracker by its IP address; "
            "p2pctl doctor looks for more"};
  return {"tracker", std::move(finding),
          fmt::format("see that p2pd runs there, and that firewalls let TCP port {} through; "
                      "p2pctl doctor looks for more",
                      tracker.port)};
}

void explain_trackers(const Situation& situation, Reasons& reasons) {
  if (situation.supply.trackers.empty())
    reasons.push_back({"tracker", "this peer knows no tracker",
                       "run p2pctl join TOKEN with what p2pctl invite prints on the tracker"});
  for (const download::TrackerSituation& tracker : situation.supply.trackers)
    if (!tracker.refusal.empty())
      reasons.push_back({"refused",
                         fmt::format("the tracker {} does not list what is here of it: {}",
                                     tracker.address, tracker.refusal),
                         "others do not fetch it from here until then; ask who runs the tracker"});
  if (std::ranges::any_of(situation.supply.trackers, &download::TrackerSituation::connected))
    return;
  for (const download::TrackerSituation& tracker : situation.supply.trackers)
    reasons.push_back(why_absent(tracker));
}

// Of a source that is not connected.
Reason why_unconnected(const download::SourceSituation& source) {
  if (source.banned)
    return {"banned", fmt::format("a tracker has banned the source {}", source.name),
            "p2pctl bans says which tracker; p2pctl unban there lets it in again"};
  if (source.distrusted)
    return {
        "distrusted",
        fmt::format("the source {} sent wrong bytes, so it is not asked for an hour", source.name),
        "have its disk and memory checked; others who have it are asked meanwhile"};
  if (source.cause.empty() && source.tried.empty())
    return {"connecting", fmt::format("it is connecting to the source {}", source.name),
            "ask again in a few seconds"};
  const std::string tried = net::to_text(source.tried, source.cause);
  if (std::ranges::any_of(source.tried,
                          [&](const net::Attempt& one) { return one.who == source.id; }))
    return {"refused", fmt::format("the source {} ends the link: {}", source.name, tried),
            "it is reached, and does not want to; see what its p2pctl peers and bans say of this "
            "node"};
  if (net::unresolved(source.tried))
    return {"dns", fmt::format("the source {} is not connected: {}", source.name, tried),
            "mend the name servers in /etc/resolv.conf, or set IP addresses in [network] advertise "
            "there"};
  if (source.may_call_back && !source.tried.empty() &&
      std::ranges::none_of(source.tried,
                           [](const net::Attempt& one) { return one.who.has_value(); }))
    return {
        "nat",
        fmt::format("neither side reaches the other: this node not {} at {}; and {}, which the "
                    "tracker asks to dial this node, does not get through either",
                    source.name, tried, source.name),
        "NAT or a firewall is before both: let TCP in at one of them, by a port forwarding that "
        "[network] advertise there names; or have a third peer that both reach fetch it first"};
  return {"unreachable", fmt::format("the source {} is not connected: {}", source.name, tried),
          "see that p2pd runs there, and that firewalls let its TCP port through from here"};
}

constexpr std::string_view mtu_remedy =
    "set the smaller MTU on both hosts, or let ICMP through on the way; \"sysctl -w "
    "net.ipv4.tcp_mtu_probing=1\" on both has TCP find a size that passes";

Reason why_hole(const download::SourceSituation& source) {
  if (source.path == download::PathTrouble::evaded)
    return {"mtu",
            fmt::format(
                "large packets from or to {} seem to be lost on the way, so small ones are sent",
                source.name),
            std::string(mtu_remedy)};
  return {
      "mtu",
      fmt::format("nothing comes from {}, though its host answers: large packets are lost on the "
                  "way (a leg has a smaller MTU and ICMP is filtered), or it hangs",
                  source.name),
      "it connects anew with smaller packets in a moment; " + std::string(mtu_remedy)};
}

Reason why_manifest(const download::SourceSituation& source) {
  const download::ManifestSituation& manifest = *source.manifest;
  if (manifest.rests > io::Clock::duration::zero())
    return {"manifest",
            fmt::format("{} was asked for the manifest {} and has sent nothing; it is asked again "
                        "in {} s",
                        source.name,
                        manifest.silent == 1 ? "once" : fmt::format("{} times", manifest.silent),
                        whole_seconds(manifest.rests) + 1),
            "see what p2pd does there; where nobody else has it, publish it on a second machine"};
  const std::string asked = fmt::format("the manifest is awaited from {} for {} s", source.name,
                                        whole_seconds(manifest.waited));
  constexpr std::string_view others =
      "others who have it are asked meanwhile; where there are none, "
      "publish it on a second machine";
  if (manifest.size == 0)
    return {"manifest", asked + ", which has not answered yet", std::string(others)};
  if (manifest.received == 0)
    return {"manifest",
            fmt::format("{}: it has announced {} KiB and sent nothing; it serves others first",
                        asked, kibibytes(manifest.size)),
            std::string(others)};
  return {"manifest",
          fmt::format("{}: {} of {} KiB have come", asked, kibibytes(manifest.received),
                      kibibytes(manifest.size)),
          std::string(others)};
}

Reason why_chunk(const download::SourceSituation& source) {
  const download::ChunkSituation& chunk = *source.chunk;
  const double seconds = std::chrono::duration<double>(chunk.waited).count();
  const double rate = static_cast<double>(chunk.received) / std::max(seconds, 1.0);
  return {"chunk",
          fmt::format("chunk {} trickles in from {}: {} of {} KiB in {} s, {}", chunk.index,
                      source.name, kibibytes(chunk.received), kibibytes(chunk.size),
                      whole_seconds(chunk.waited),
                      proto::format_rate(static_cast<std::uint64_t>(rate))),
          "see what else the line there carries, and its p2pctl limit; another source that stands "
          "idle takes it over"};
}

Reason why_memory(const Situation& situation) {
  std::uint64_t held = 0;
  for (const download::SourceSituation& source : situation.supply.sources) held += source.held;
  if (held == 0)
    return {"memory", "all payload buffers are in use",
            "raise [limits] memory in p2pd.toml and restart p2pd, or pause other fetches"};
  const download::SourceSituation& most =
      *std::ranges::max_element(situation.supply.sources, {}, &download::SourceSituation::held);
  return {
      "memory",
      fmt::format("all payload buffers are in use; {} KiB of them wait for slow sources, {} KiB "
                  "for {}, which sends {}",
                  kibibytes(held), kibibytes(most.held), most.name,
                  proto::format_rate(static_cast<std::uint64_t>(most.rate))),
      "other sources take its chunks over; p2pctl fetch --from names those that are asked"};
}

void explain_sources(const Situation& situation, Reasons& reasons) {
  const bool none =
      std::ranges::none_of(situation.supply.sources, &download::SourceSituation::connected);
  const bool tracker =
      std::ranges::any_of(situation.supply.trackers, &download::TrackerSituation::connected);
  if (none && tracker && situation.supply.told == 0U)
    reasons.push_back({"nobody", "nobody is known to have it",
                       situation.supply.restricted
                           ? "fetch it without --from, or wait for those peers"
                           : "run p2pctl publish on a machine that has the file; it goes on by "
                             "itself then"});
  else if (none && situation.supply.sources.empty() && tracker)
    reasons.push_back({"locating",
                       situation.supply.told && situation.supply.restricted
                           ? "none of the peers of --from is known to have it"
                           : "its sources are being looked for",
                       situation.supply.told && situation.supply.restricted
                           ? "fetch it without --from, or wait for those peers"
                           : "ask again in a few seconds"});
  const auto apart =
      std::ranges::count(situation.supply.sources, false, &download::SourceSituation::connected);
  const bool full = !situation.supply.full.empty() && apart > 0;
  if (full)
    reasons.push_back({"connections",
                       fmt::format("{}, so {} of its {} sources are not connected",
                                   situation.supply.full, apart, situation.supply.sources.size()),
                       "raise [limits] connections in p2pd.toml and run p2pctl reload"});
  for (const download::SourceSituation& source : situation.supply.sources) {
    if (!source.connected && !full) reasons.push_back(why_unconnected(source));
    if (source.connected && !source.offers)
      reasons.push_back({"asking", fmt::format("{} is asked which chunks it has", source.name),
                         "ask again in a few seconds"});
    if (source.path == download::PathTrouble::evaded) reasons.push_back(why_hole(source));
  }
}

// Of those that are connected.
void explain_flow(const Situation& situation, Reasons& reasons) {
  if (situation.supply.nowhere > 0)
    reasons.push_back(
        {"missing",
         situation.supply.nowhere == 1
             ? fmt::format("no source has chunk {}", situation.supply.example)
             : fmt::format("no source has chunk {} and {} others", situation.supply.example,
                           situation.supply.nowhere - 1),
         "it goes on when a peer that has them is back; p2pctl chunks shows who has what"});
  for (const download::SourceSituation& source : situation.supply.sources) {
    if (!source.connected) continue;
    if (source.path == download::PathTrouble::suspected) {
      reasons.push_back(why_hole(source));
      continue; // which explains the rest
    }
    if (source.manifest) reasons.push_back(why_manifest(source));
    // What trickles in is told as that, however slow it is.
    const bool trickles =
        source.chunk && source.chunk->waited >= long_for_a_chunk && source.chunk->received > 0;
    if (trickles)
      reasons.push_back(why_chunk(source));
    else if (source.outrun > io::Clock::duration::zero())
      reasons.push_back(
          {"slow",
           fmt::format("the source {} sends {}, so others were asked for its chunks; "
                       "it is asked again in {} s",
                       source.name, proto::format_rate(static_cast<std::uint64_t>(source.rate)),
                       whole_seconds(source.outrun) + 1),
           "see what else the line there carries, and its p2pctl limit"});
    else if (source.busy)
      reasons.push_back({"slow",
                         fmt::format("the source {} is too busy or answers too late", source.name),
                         "others who have it are asked instead; where there are none, wait, or "
                         "publish it on a second machine"});
  }
  if (situation.supply.checking)
    reasons.push_back(
        {"manifest", "the manifest has come and is being verified", "ask again in a few seconds"});
  if (situation.supply.limited)
    reasons.push_back(
        {"limit", "the download limit is reached", "p2pctl limit --down 0 takes it away"});
  if (situation.supply.far_limited)
    reasons.push_back({"limit", "the limit on peers of other sites is reached",
                       "p2pctl limit --between-sites 0 takes it away"});
  if (!situation.supply.memory_limit.empty())
    reasons.push_back({"memory", "it waits for memory: " + situation.supply.memory_limit,
                       "it goes on by itself when there is some"});
  else if (situation.supply.no_memory)
    reasons.push_back(why_memory(situation));
}

} // namespace

Reasons explain(const Situation& situation) {
  if (!situation.failure.message.empty())
    return {{"failed", situation.failure.message, situation.failure.remedy}};
  if (situation.state == TransferState::done) return {{"none", "nothing: it is done", ""}};
  if (situation.state == TransferState::paused)
    return {
        {"paused", "it was paused", fmt::format("p2pctl resume {} lets it go on", situation.id)}};
  if (situation.stage == Stage::finish)
    return {{"disk", "it is whole and being written to the disk", "wait for the disk"}};
  if (situation.turn > 0)
    return {
        {"descriptors",
         fmt::format("it waits for its turn: with so few open files, no more than {} fetches run "
                     "at the same time, those that are paused included",
                     situation.turn),
         "wait, or raise LimitNOFILE of the service, or \"ulimit -n\""}};
  if (situation.stage == Stage::prepare)
    return {{"disk", "its destination is being looked at and prepared", "wait for the disk"}};
  if (situation.copying)
    return {{"none", "nothing: it is copied out of what this machine has", ""}};
  const auto offering = static_cast<std::size_t>(
      std::ranges::count_if(situation.supply.sources, &download::SourceSituation::offers));
  Reasons reasons;
  explain_flow(situation, reasons);
  if (reasons.empty() && offering > 0)
    reasons.push_back({"none",
                       fmt::format("nothing: it runs at {} from {} {}",
                                   proto::format_rate(static_cast<std::uint64_t>(situation.rate)),
                                   offering, offering == 1 ? "source" : "sources"),
                       ""});
  Reasons absent;
  explain_trackers(situation, absent);
  explain_sources(situation, absent);
  // Where nobody has it yet, that is graver than what there is to say of the rest.
  reasons.insert(offering > 0 ? reasons.end() : reasons.begin(), absent.begin(), absent.end());
  return reasons;
}

} // namespace p2pd::transfer
