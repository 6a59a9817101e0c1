// What happens in the network, as this peer's trackers tell it, each thing once: trackers know the
// same peers, so what one has told the others tell a moment later. Loop thread only.
#pragma once

#include "daemon/io/loop.hpp"
#include "proto/tracker_messages.hpp"

#include <functional>
#include <map>

namespace p2pd::peer {

class Notices final {
 public:
  // Which are wanted, for trackers that connect from now on: bit N is NoticeKind N.
  void want(std::uint32_t kinds) { kinds_ = kinds; }
  std::uint32_t wanted() const { return kinds_; }

  using Watch = std::function<void(const proto::Notice&)>;
  void set_watch(Watch watch) { watch_ = std::move(watch); }
  void take(const proto::PeerId& tracker, const proto::Notice& notice, io::Time now);

 private:
  using What = std::tuple<proto::NoticeKind, proto::PeerId, proto::ContentId>;
  struct Told {
    proto::PeerId by;
    io::Time at;
  };

  std::uint32_t kinds_ = 0;
  Watch watch_;
  std::map<What, Told> told_;
};

} // namespace p2pd::peer
