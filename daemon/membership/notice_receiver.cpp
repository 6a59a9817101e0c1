#include "daemon/membership/notice_receiver.hpp"

namespace p2pd::membership {

namespace {

// How far apart two trackers may notice the same event.
constexpr io::Clock::duration same_time = std::chrono::seconds(5);
constexpr std::size_t most_told = 10'000; // remembered events; beyond, some are reported twice

} // namespace

void NoticeReceiver::Listener::tell(const proto::Notice& notice) const {
  if (hears && (kinds & bit(notice.kind)) != 0) hears(notice);
}

void NoticeReceiver::take(const proto::PeerId& tracker, const proto::Notice& notice, io::Time now) {
  if ((wanted() & bit(notice.kind)) == 0) return;
  if (told_.size() >= most_told)
    std::erase_if(told_, [now](const auto& each) { return now - each.second.at > same_time; });
  if (told_.size() >= most_told) told_.clear();
  const What what{notice.kind, notice.peer.id,
                  notice.file.empty() ? proto::ContentId() : notice.file.front().content};
  const auto [at, is_new] = told_.try_emplace(what, Told{tracker, now});
  if (!is_new) {
    Told& told = at->second;
    if (told.by != tracker && now - told.at <= same_time) return;
    told = {tracker, now};
  }
  watch_.tell(notice);
  listener_.tell(notice);
}

} // namespace p2pd::membership
