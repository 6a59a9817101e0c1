#include "daemon/net/dial_ledger.hpp"

#include <algorithm>
#include <vector>

namespace p2pd::net {

namespace {

DialLedger::Duration doubled(DialLedger::Duration first, unsigned times,
                             DialLedger::Duration most) {
  while (times-- > 0 && first < most) first *= 2;
  return std::min(first, most);
}

} // namespace

DialLedger::Answer DialLedger::may_dial(const io::Endpoint& to, std::uint64_t teller,
                                        io::Time now) const {
  if (const auto target = targets_.find(to.text());
      target != targets_.end() && target->second.until > now)
    return Answer::later;
  if (const auto debt = tellers_.find(teller);
      debt != tellers_.end() && debt->second.over(most_of_one * of_one, now))
    return Answer::too_many;
  const auto debt = pairs_.find({teller, to.network()});
  return debt != pairs_.end() && debt->second.over(most_at_one * at_one, now) ? Answer::at_one
                                                                              : Answer::yes;
}

void DialLedger::began(const io::Endpoint& to, std::uint64_t teller, io::Time now) {
  forget(now);
  tellers_[teller].charge(of_one, now);
  pairs_[{teller, to.network()}].charge(at_one, now);
}

void DialLedger::ended(const io::Endpoint& to, std::uint64_t teller, Outcome outcome,
                       io::Time now) {
  if (outcome == Outcome::reached || outcome == Outcome::withdrawn) {
    if (const auto debt = tellers_.find(teller); debt != tellers_.end())
      debt->second.refund(of_one);
    if (const auto debt = pairs_.find({teller, to.network()}); debt != pairs_.end())
      debt->second.refund(at_one);
  }
  if (outcome == Outcome::reached)
    targets_.erase(to.text());
  else if (outcome == Outcome::silent || outcome == Outcome::stranger)
    failed(to, outcome, now);
}

void DialLedger::failed(const io::Endpoint& to, Outcome outcome, io::Time now) {
  Target& target = targets_[to.text()];
  const bool silent = outcome == Outcome::silent;
  target.until = now + doubled(silent ? first_silence : first_strangeness, target.failures++,
                               silent ? longest_silence : longest_strangeness);
}

void DialLedger::forget(io::Time now) {
  const auto paid = [now](const auto& entry) { return entry.second.none(now); };
  if (tellers_.size() > most_remembered) std::erase_if(tellers_, paid);
  if (pairs_.size() > most_remembered) std::erase_if(pairs_, paid);
  if (targets_.size() <= most_remembered) return;
  // Half of them, those that may be dialled again first.
  std::vector<io::Time> times;
  for (const auto& [address, target] : targets_) times.push_back(target.until);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  std::erase_if(targets_, [&](const auto& entry) { return entry.second.until <= *middle; });
}

} // namespace p2pd::net
