// One command's exchange with the daemon: its requests are sent on one connection, as many at a
// time as the daemon accepts, and events and answers are shown as they arrive until every request
// is answered. A failed request does not stop the others. Thread: one. Errors: Failure if the whole
// exchange ends early.
#pragma once

#include "ctl/base/arguments.hpp"
#include "ctl/base/client.hpp"
#include "ctl/commands/handlers.hpp"
#include "ctl/render/progress.hpp"
#include "ctl/render/screen.hpp"

#include <map>

namespace p2pd::ctl {

class Conversation final {
 public:
  Conversation(Client& client, const Handler& handler, const Invocation& invocation,
               const Screen& screen);

  // Exit code: that of the first error, or done.
  proto::ExitCode run();

 private:
  void ask();
  void listen();
  Aftermath aftermath() const;
  void take(proto::ControlReply reply);
  void end(std::size_t index);
  void on_event(std::size_t index, const proto::Value& body);
  void join(std::size_t index, const proto::Value& body);
  void on_answer(std::size_t index, proto::Value body);
  void on_error(std::size_t index, const proto::ControlError& error);
  void show_answers();
  void print_json(std::vector<proto::Value> answers) const;
  void wait_closed();

  Client& client_;
  const proto::Command& command_;
  const Handler& handler_;
  const Invocation& invocation_;
  const Screen& screen_;
  Progress progress_;
  std::size_t asked_ = 0;                            // requests that were sent
  std::vector<bool> ended_;                          // per request, whether it is answered
  std::size_t open_;                                 // requests that are not answered
  std::map<std::size_t, proto::Value> answers_;      // by request: one aligned table at the end
  std::map<std::size_t, proto::Value> running_;      // by request: its last event
  std::map<std::size_t, proto::Value::Array> parts_; // by request: what its events have joined
  proto::ExitCode code_ = proto::ExitCode::done;
};

} // namespace p2pd::ctl
