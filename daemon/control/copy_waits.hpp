// Publications whose calls are answered when so many peers have the content whole, this one
// included: what publish --wait-copies waits for. The trackers are asked twice a second, and what
// they count last is what counts. Loop thread only. Ends with those who wait: a call that is gone
// is dropped.
#pragma once

#include "daemon/control/call.hpp"
#include "daemon/io/alive.hpp"
#include "daemon/membership/trackers.hpp"

#include <list>

namespace p2pd::control {

class CopyWaits final {
 public:
  CopyWaits(io::Loop& loop, membership::Trackers& trackers);
  CopyWaits(const CopyWaits&) = delete;
  CopyWaits& operator=(const CopyWaits&) = delete;

  // `answer` is what the call is answered with, and then holds "copies" as well.
  void add(const CallPtr& call, const proto::ContentId& content, std::uint64_t wanted,
           Value answer);

 private:
  struct Wait {
    CallPtr call;
    proto::ContentId content;
    std::uint64_t wanted;
    Value answer;
    std::uint32_t copies = 0;
  };
  using Waits = std::list<std::shared_ptr<Wait>>;

  void look();
  using Rows = std::vector<proto::CatalogEntry>;
  void on_counted(const std::shared_ptr<Wait>& wait, const Rows& rows);

  membership::Trackers& trackers_;
  Waits waits_;
  io::Timer look_again_;
  io::Alive<CopyWaits> alive_{this};
};

} // namespace p2pd::control
