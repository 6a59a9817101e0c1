// What happens in the network, as this peer's trackers tell it, each event once: trackers know the
// same peers, so what one has told the others tell a moment later. Loop thread only.
#pragma once

#include "daemon/io/loop.hpp"
#include "proto/tracker_messages.hpp"

#include <functional>
#include <map>

namespace p2pd::membership {

class NoticeReceiver final {
 public:
  // The kinds that local users want, for trackers that connect from now on: bit N is NoticeKind N.
  void want(std::uint32_t kinds) { watch_.kinds = kinds; }
  std::uint32_t wanted() const { return watch_.kinds | listener_.kinds; }

  using Hears = std::function<void(const proto::Notice&)>;
  void set_watch(Hears watch) { watch_.hears = std::move(watch); }
  // For this node's own use, whatever users want.
  void listen(std::uint32_t kinds, Hears hears) { listener_ = {kinds, std::move(hears)}; }
  void take(const proto::PeerId& tracker, const proto::Notice& notice, io::Time now);

 private:
  using What = std::tuple<proto::NoticeKind, proto::PeerId, proto::ContentId>;
  struct Told {
    proto::PeerId by;
    io::Time at;
  };

  struct Listener {
    std::uint32_t kinds = 0;
    Hears hears;

    void tell(const proto::Notice& notice) const;
  };

  Listener watch_;
  Listener listener_;
  std::map<What, Told> told_;
};

} // namespace p2pd::membership
