// Calls one method shortly after the addresses or interfaces of this machine have changed, if the
// kernel reports that (rtnetlink(7)); changes in quick succession are combined. Member of the
// object it calls. Loop thread only.
#pragma once

#include "daemon/io/poll.hpp"
#include "daemon/io/timer.hpp"

#include <optional>

namespace p2pd::io {

class AddressWatch final {
 public:
  AddressWatch(Loop& loop, Bound<void()> changed);
  ~AddressWatch();
  AddressWatch(const AddressWatch&) = delete;
  AddressWatch& operator=(const AddressWatch&) = delete;

  void stop();

 private:
  void on_readable();

  Bound<void()> changed_;
  int socket_;
  std::optional<Poll> poll_;
  Timer settle_;
};

} // namespace p2pd::io
