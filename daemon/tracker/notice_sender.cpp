#include "daemon/tracker/notice_sender.hpp"

namespace p2pd::tracker {

namespace {

constexpr std::size_t most_queued = 256 * 1024;

} // namespace

void NoticeSender::follow(net::Session& follower, std::uint32_t kinds) {
  if (kinds == 0) return forget(follower);
  const auto known = followers_.find(follower.id());
  const io::Time since = known == followers_.end() ? io::Clock::now() : known->second.since;
  followers_[follower.id()] = {&follower, kinds, since};
}

void NoticeSender::hand_over(net::Session& successor) {
  const auto known = followers_.find(successor.id());
  if (known != followers_.end()) known->second.session = &successor;
}

void NoticeSender::tell(NoticeKind kind, const net::Session& peer,
                        const std::optional<proto::CatalogEntry>& file,
                        std::optional<io::Time> since) const {
  proto::Notice notice{kind, peer.info(), {}};
  if (file) notice.file.push_back(*file);
  if (watch_ && !since) watch_(notice);
  for (const auto& [id, follower] : followers_) {
    if (since && follower.since < *since) continue;
    if ((follower.kinds & bit(kind)) == 0) continue;
    if (follower.session->queued() > most_queued) continue;
    notice.peer = peer.info_for(*follower.session);
    follower.session->send(notice);
  }
}

} // namespace p2pd::tracker
