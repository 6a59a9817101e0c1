// Says why a transfer is slow or stuck, from what is true at the moment.
#include "daemon/peer/transfers.hpp"
#include "proto/units.hpp"

#include <fmt/core.h>

namespace p2pd::peer {

void Sources::explain(Reasons& reasons) const {
  if (trackers_.connected() == 0)
    for (const auto& link : trackers_.links())
      reasons.push_back({fmt::format("the tracker {} is not connected: {}",
                                     base::to_text(link->address()), link->cause()),
                         fmt::format("see that p2pd runs there, and that firewalls let TCP port {} "
                                     "through; p2pctl doctor looks for more",
                                     link->address().port)});
  if (trackers_.links().empty())
    reasons.push_back({"this peer knows no tracker",
                       "run p2pctl join TOKEN with what p2pctl invite prints on the tracker"});
  if (count() > 0) return;
  if (told_ == 0U)
    reasons.push_back({"nobody is known to have it",
                       from_.empty() ? "run p2pctl publish on a machine that has the file; it goes "
                                       "on by itself then"
                                     : "fetch it without --from, or wait for those peers"});
  for (const proto::PeerId& id : located_)
    if (const std::string cause = links_.cause(id); !cause.empty())
      reasons.push_back(
          {fmt::format("the source {} is not connected: {}", to_text(id).substr(0, 12), cause),
           "see that p2pd runs there, and that firewalls let its TCP port through from here"});
  if (reasons.empty())
    reasons.push_back({"its sources are being looked for", "ask again in a few seconds"});
}

void Download::explain(Reasons& reasons) const {
  std::uint32_t nowhere = 0;
  std::uint32_t example = 0;
  for (std::uint32_t i = 0; i < manifest_->chunks(); ++i) {
    if (!picker_.is_open(ChunkIndex{i})) continue;
    bool somewhere = false;
    for (const auto& [link, source] : sources_)
      somewhere = somewhere || source.has.has(ChunkIndex{i});
    if (!somewhere && nowhere++ == 0) example = i;
  }
  if (nowhere > 0 && !sources_.empty())
    reasons.push_back(
        {nowhere == 1 ? fmt::format("no source has chunk {}", example)
                      : fmt::format("no source has chunk {} and {} others", example, nowhere - 1),
         "it goes on when a peer that has them is back; p2pctl chunks shows who has what"});
  const io::Time now = io::Clock::now();
  for (const auto& [link, source] : sources_)
    if (source.resting_until > now || source.pipeline.stalled(now))
      reasons.push_back({fmt::format("the source {} is too busy or answers too late",
                                     link->session().hello().name),
                         "others who have it are asked instead; where there are none, wait, or "
                         "publish it on a second machine"});
  if (allowed_.active())
    reasons.push_back({"the download limit is reached", "p2pctl limit --down 0 takes it away"});
  if (memory_.waiting())
    reasons.push_back(
        {"all payload buffers are in use",
         "raise [limits] memory in p2pd.toml and restart p2pd, or pause other fetches"});
}

Reasons Transfer::reasons() const {
  Reasons reasons;
  if (!row_.failure.message.empty()) return {{row_.failure.message, row_.failure.remedy}};
  if (row_.state == TransferState::paused)
    return {{"it was paused", fmt::format("p2pctl resume {} lets it go on", row_.request.id)}};
  if (row_.stage == Stage::finish)
    return {{"it is whole and being written to the disk", "wait for the disk"}};
  if (row_.stage == Stage::prepare)
    return {{"its destination is being looked at and prepared", "wait for the disk"}};
  sources_.explain(reasons);
  if (download_ != nullptr) download_->explain(reasons);
  if (reasons.empty())
    reasons.push_back(
        {fmt::format("nothing: it runs at {} from {} sources",
                     proto::format_rate(static_cast<std::uint64_t>(row_.rate)), sources_.count()),
         ""});
  return reasons;
}

void Transfers::explain(std::uint64_t id, const Explained& explained,
                        const Follower& follower) const {
  if (const auto running = running_.find(id); running != running_.end())
    return explained(running->second.transfer->row(), running->second.transfer->reasons());
  const auto ended = ended_.find(id);
  if (ended == ended_.end()) return follower.refused(unknown(id));
  const TransferRow& row = ended->second;
  if (row.state == TransferState::done) return explained(row, {{"nothing: it is done", ""}});
  explained(row, {{row.failure.message, fmt::format("p2pctl resume {} tries it again", id)}});
}

} // namespace p2pd::peer
