#include "daemon/http/callers.hpp"

#include <algorithm>

namespace p2pd::http {

std::optional<int> Callers::leaver_for(std::uint64_t network) const {
  const auto own = networks_.find(network);
  if (own != networks_.end() && own->second.size() >= most_of_network)
    return own->second.begin()->second;
  if (callers_.size() < most) return std::nullopt;
  const auto crowd =
      std::ranges::max_element(networks_, {}, [](const auto& each) { return each.second.size(); });
  return crowd->second.begin()->second;
}

void Callers::came(int descriptor, std::uint64_t network, io::Time now) {
  left(descriptor);
  const std::uint64_t order = next_++;
  callers_.emplace(descriptor, Caller{network, order, now});
  networks_[network].emplace(order, descriptor);
  all_.emplace(order, descriptor);
}

void Callers::left(int descriptor) {
  const auto known = callers_.find(descriptor);
  if (known == callers_.end()) return;
  const auto own = networks_.find(known->second.network);
  own->second.erase(known->second.order);
  if (own->second.empty()) networks_.erase(own);
  all_.erase(known->second.order);
  callers_.erase(known);
}

std::vector<int> Callers::overdue(io::Time now) const {
  std::vector<int> overdue;
  for (const auto& [order, descriptor] : all_) {
    if (callers_.at(descriptor).since + longest > now) break;
    overdue.push_back(descriptor);
  }
  return overdue;
}

std::optional<io::Time> Callers::next_due() const {
  if (all_.empty()) return std::nullopt;
  return callers_.at(all_.begin()->second).since + longest;
}

} // namespace p2pd::http
