// Commands by name to their handlers, after the check against the command table and of
// what the client may do. Loop thread only.
#pragma once

#include "daemon/control/call.hpp"
#include "proto/control/commands.hpp"

#include <map>

namespace p2pd::control {

class Dispatcher final {
 public:
  explicit Dispatcher(bool tracker) : tracker_(tracker) {}

  // The command must be in the table, and in it for this role.
  void bind(std::string_view command, Handler handler);
  void run(std::string_view command, proto::Access granted, const CallPtr& call) const;

 private:
  bool tracker_;
  std::map<std::string, Handler, std::less<>> handlers_;
};

} // namespace p2pd::control
