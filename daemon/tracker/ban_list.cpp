#include "daemon/tracker/ban_list.hpp"

namespace p2pd::tracker {

std::vector<disk::BanRecord> BanList::find(std::string_view word) const {
  std::vector<disk::BanRecord> found;
  if (word.empty()) return found;
  for (const auto& [id, ban] : bans_)
    if (ban.name == word || to_text(id).starts_with(word)) found.push_back(ban);
  return found;
}

proto::Ban BanList::message() const {
  proto::Ban message;
  message.whole = true;
  for (const auto& [id, ban] : bans_) message.banned.push_back(id);
  return message;
}

} // namespace p2pd::tracker
