#include "ctl/complete/ask.hpp"

#include "ctl/base/client.hpp"
#include "ctl/base/reach.hpp"

namespace p2pd::ctl {

using proto::Value;

// A peer asks its trackers for up to a second.
Value ask_quietly(const Globals& daemon, std::string_view command, const Value& params) try {
  constexpr auto patience = std::chrono::milliseconds(1500);
  const Reach reach = find_daemon(daemon.socket, daemon.instance);
  Client client(reach.socket, reach.unit, Client::Clock::now() + patience, -1);
  client.send({1, std::string(command), params});
  for (proto::ControlReply reply; client.next(reply, std::nullopt) == Next::reply;)
    if (reply.kind != proto::ReplyKind::event)
      return reply.kind == proto::ReplyKind::ok ? std::move(reply.body) : Value();
  return {};
} catch (const Failure&) {
  return {};
}

} // namespace p2pd::ctl
