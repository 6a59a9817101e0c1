// Gathers how a transfer stands from all that take part in it.
#include "daemon/transfer/situation.hpp"

#include "daemon/transfer/transfers.hpp"

namespace p2pd::transfer {

namespace {

// Of one that is over: what it has replaced, or left when it failed.
Reasons with_removal(Reasons reasons, const std::string& cause) {
  if (!cause.empty())
    reasons.insert(reasons.begin(), {"disk", "what made way for it is not removed yet: " + cause,
                                     "it is tried again by itself"});
  return reasons;
}

Reasons with_warning(Reasons reasons, const TransferRow& row) {
  if (!row.warning.empty())
    reasons.push_back({"publisher", row.warning,
                       "p2pctl fetch CONTENT --force takes the other one; auto_fetch = "
                       "[\"GLOB@PEERID\"] names whom to follow"});
  return reasons;
}

} // namespace

Situation Transfer::situation() const {
  Situation situation;
  situation.id = row_.request.id;
  situation.state = row_.state;
  situation.stage = row_.stage;
  situation.failure = row_.failure;
  situation.rate = row_.rate;
  situation.turn = slot_.waits() ? slot_.most() : 0;
  situation.copying = copy_ != nullptr;
  sources_.describe(situation.supply);
  if (download_ != nullptr) download_->describe(situation.supply);
  return situation;
}

void Transfers::explain(std::uint64_t id, const Explained& explained,
                        const Follower& follower) const {
  if (const auto running = running_.find(id); running != running_.end()) {
    const Transfer& transfer = *running->second.transfer;
    return explained(transfer.row(),
                     with_warning(transfer::explain(transfer.situation()), transfer.row()));
  }
  const auto ended = ended_.find(id);
  if (ended == ended_.end()) return follower.refused(unknown(id));
  Situation situation;
  situation.id = id;
  situation.state = ended->second.state;
  situation.failure = ended->second.failure;
  explained(ended->second,
            with_warning(with_removal(transfer::explain(situation), deps_.remover.cause(id)),
                         ended->second));
}

} // namespace p2pd::transfer
