// The daemon as "top" sees it: asked once a second over one connection, and told what to do. One
// that goes away is looked for each second. Thread: one; waits for keys on stdin as well.
#pragma once

#include "ctl/base/client.hpp"
#include "ctl/base/reach.hpp"

#include <map>

namespace p2pd::ctl::top {

struct Answer {
  std::string command;
  proto::ControlReply reply;
};

class Feed final {
 public:
  using Clock = Client::Clock;

  explicit Feed(Reach daemon) : daemon_(std::move(daemon)) {}

  // Asks for these, unless an answer is still awaited from the last time.
  void ask(std::initializer_list<std::string_view> commands);
  void tell(std::string_view command, proto::Value params); // falls away without a daemon
  // The next answer; nothing where a key is pressed or the time is over first.
  std::optional<Answer> wait(Clock::time_point until);

  const std::string& trouble() const { return trouble_; } // with the daemon; "" for none

 private:
  void send(std::string_view command, proto::Value params);
  void lose(const Failure& failure);
  bool awaits_figures() const;

  const Reach daemon_;
  std::optional<Client> client_; // none while the daemon is away
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, std::string> asked_;        // the commands that have no answer yet
  std::pair<std::uint64_t, std::uint64_t> figures_{}; // the first and the last id of ask()
  Clock::time_point asked_since_{};
  std::string trouble_;
};

// What people read of an error.
std::string line_of(const proto::ControlError& error);

} // namespace p2pd::ctl::top
