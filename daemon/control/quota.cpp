#include "daemon/control/quota.hpp"

namespace p2pd::control {

Quota::Verdict Quota::admit(std::uint32_t user, proto::Access access) {
  const bool reads = access == proto::Access::read;
  if (all_ >= most_) return Verdict::all_full;
  if (!owns(user)) {
    const auto known = users_.find(user);
    if (known != users_.end() && known->second >= for_one()) return Verdict::user_is_full;
    if (others_ >= for_others() || (reads && readers_ >= (for_others() + 1) / 2))
      return Verdict::all_full;
    ++users_[user];
    ++others_;
    readers_ += reads ? 1 : 0;
  }
  ++all_;
  return Verdict::admitted;
}

void Quota::leave(std::uint32_t user, proto::Access access) {
  --all_;
  if (owns(user)) return;
  --others_;
  readers_ -= access == proto::Access::read ? 1 : 0;
  const auto known = users_.find(user);
  if (--known->second == 0) users_.erase(known);
}

} // namespace p2pd::control
