#include "daemon/control/dispatcher.hpp"

#include "proto/error.hpp"

#include <cassert>

namespace p2pd::control {

void Dispatcher::bind(std::string_view command, Handler handler) {
  assert(proto::find_command(command) != nullptr);
  handlers_.emplace(command, std::move(handler));
}

void Dispatcher::run(std::string_view name, proto::Access granted, const CallPtr& call) const {
  const proto::Command* const command = proto::find_command(name);
  if (command == nullptr || command->runs == proto::Runs::without_daemon)
    return call->error({ExitCode::usage, "the daemon knows no command \"" + std::string(name) + '"',
                        "use a p2pctl of the same version"});
  if (granted < command->access)
    return call->error({ExitCode::failed, "you may only look, and this changes something",
                        "join the group that controls this daemon, or use sudo"});
  const auto handler = handlers_.find(command->name);
  if (handler == handlers_.end())
    return call->error({ExitCode::failed,
                        std::string("this daemon is a ") + (tracker_ ? "tracker" : "peer"),
                        std::string("ask a ") + (tracker_ ? "peer" : "tracker") +
                            ", e.g. with p2pctl -i NAME or --socket PATH"});
  if (const auto wrong = misfit(*command, call->params()))
    return call->error({ExitCode::usage, "the request does not fit: " + *wrong,
                        "see p2pctl help " + std::string(command->name)});
  handler->second(call);
}

} // namespace p2pd::control
