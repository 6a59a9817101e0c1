#include "daemon/net/pending_links.hpp"

#include <algorithm>

namespace p2pd::net {

void PendingLinks::enter(Session& session, const io::Endpoint& from) {
  Line& line = lines_[from.network()];
  places_[&session] = {from.network(), line.insert(line.end(), {&session, entered_++})};
}

void PendingLinks::leave(Session& session) {
  const auto place = places_.find(&session);
  if (place == places_.end()) return;
  const auto line = lines_.find(place->second.network);
  line->second.erase(place->second.at);
  if (line->second.empty()) lines_.erase(line);
  places_.erase(place);
}

std::optional<PendingLinks::Surplus> PendingLinks::surplus(const io::Endpoint& from) const {
  const auto line = lines_.find(from.network());
  if (line != lines_.end() && line->second.size() >= most_of_one)
    return Surplus{line->second.front().session, Refusal::address};
  if (places_.size() >= most) return Surplus{weakest(), Refusal::crowd};
  return std::nullopt;
}

Session* PendingLinks::weakest() const {
  const auto longest =
      std::max_element(lines_.begin(), lines_.end(), [](const auto& one, const auto& other) {
        const Line& a = one.second;
        const Line& b = other.second;
        return a.size() != b.size() ? a.size() < b.size() : a.front().number > b.front().number;
      });
  return longest == lines_.end() ? nullptr : longest->second.front().session;
}

} // namespace p2pd::net
