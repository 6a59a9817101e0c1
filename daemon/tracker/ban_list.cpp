#include "daemon/tracker/ban_list.hpp"

namespace p2pd::tracker {

proto::Ban BanList::message() const {
  proto::Ban message;
  message.whole = true;
  for (const auto& [id, ban] : bans_) message.banned.push_back(id);
  return message;
}

} // namespace p2pd::tracker
