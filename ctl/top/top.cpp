#include "ctl/top/top.hpp"

#include "ctl/base/interrupt.hpp"
#include "ctl/render/cells.hpp"
#include "ctl/top/canvas.hpp"
#include "ctl/top/feed.hpp"

#include <algorithm>
#include <poll.h>
#include <unistd.h>

namespace p2pd::ctl {

namespace top {

namespace {

using proto::ControlError;
using proto::ExitCode;
using proto::ReplyKind;
using proto::Value;
using Clock = Client::Clock;

constexpr auto period = std::chrono::seconds(1);
constexpr auto glance = std::chrono::milliseconds(100); // at the window, which tells nobody else
constexpr auto note_time = std::chrono::seconds(5);
constexpr std::ptrdiff_t page = 10;
constexpr char end_of_input = 4; // Ctrl-D

// Before the screen is taken: where there is no daemon, the error is as of any command.
Value first_status(const Globals& globals) {
  const Reach daemon = find_daemon(globals.socket, globals.instance);
  constexpr std::chrono::milliseconds usual = std::chrono::seconds(30);
  const auto limit = globals.timeout.value_or(usual);
  const Interrupt interrupt;
  Client client(daemon.socket, daemon.unit,
                limit == limit.zero() ? Client::Deadline() : Clock::now() + limit,
                interrupt.descriptor());
  client.send({1, "status", Value()});
  proto::ControlReply reply;
  const Next next = client.next(reply, std::nullopt);
  if (next != Next::reply) throw ended_early(next, {});
  if (reply.kind == ReplyKind::error) throw Failure(ControlError::from(reply.body));
  return std::move(reply.body);
}

// Or its end would be a key that is there for ever.
bool hung_up() {
  pollfd keys{STDIN_FILENO, 0, 0};
  return ::poll(&keys, 1, 0) > 0 && (keys.revents & (POLLHUP | POLLERR)) != 0;
}

class Top final {
 public:
  Top(const Globals& globals, const Screen& screen)
      : utf8_(screen.out_style().utf8)
      , colour_(screen.out_style().colour)
      , feed_(find_daemon(globals.socket, globals.instance)) {
    model_.take_status(first_status(globals), Clock::now());
  }

  ExitCode run() {
    Canvas canvas(colour_);
    while (!hung_up()) {
      if (Clock::now() >= due_) ask();
      if (const auto answer = feed_.wait(std::min(due_, Clock::now() + glance))) take(*answer);
      for (Press press = canvas.press(); press.key != Key::none; press = canvas.press()) {
        if (press.key == Key::interrupt) return ExitCode::interrupted;
        const bool leaves = press.letter == 'q' || press.letter == end_of_input;
        if (leaves && doubtful_.empty()) return ExitCode::done;
        take(press);
      }
      Window window = canvas.window();
      window.utf8 = utf8_;
      canvas.draw(drawn(model_, selected(), note(), window));
    }
    return ExitCode::interrupted;
  }

 private:
  void ask() {
    if (model_.tracker())
      feed_.ask({"status", "peers"});
    else
      feed_.ask({"status", "peers", "transfers"});
    due_ = Clock::now() + period;
  }

  void take(const Answer& answer) try {
    const Value& body = answer.reply.body;
    const Clock::time_point now = Clock::now();
    if (answer.reply.kind == ReplyKind::error)
      say(line_of(ControlError::from(body)));
    else if (answer.command == "status")
      model_.take_status(body, now);
    else if (answer.command == "peers")
      model_.take_peers(body, now);
    else if (answer.command == "transfers")
      model_.take_transfers(body);
    else
      told(body);
  } catch (const proto::Error& error) {
    say(line_of(not_understood(error).error()));
  }

  // What has become of a key.
  void told(const Value& transfer) {
    say("transfer " + text_of(transfer["id"]) + " (" + text_of(transfer["name"]) + ") is " +
        text_of(transfer["state"]));
    due_ = Clock::now(); // to show it
  }

  void take(const Press& press) {
    if (press.key != Key::resize) note_.clear();
    if (!doubtful_.empty()) return decide(press);
    switch (press.key) {
    case Key::up:
      return select(-1);
    case Key::down:
      return select(1);
    case Key::page_up:
      return select(-page);
    case Key::page_down:
      return select(page);
    default:
      break;
    }
    if (press.letter == 's') model_.sort_by(next_order(model_.order()));
    if (press.letter == 'p') act("pause");
    if (press.letter == 'r') act("resume");
    if (press.letter == 'f') act("forget");
    if (press.letter == 'c') doubtful_ = selected();
  }

  // Cancelling discards what was fetched, so it has to be confirmed.
  void decide(const Press& press) {
    if (press.key == Key::resize) return;
    if (press.letter == 'y' && doubtful_ == selected()) act("cancel");
    doubtful_.clear();
  }

  void act(std::string_view command) {
    if (!selected().empty()) feed_.tell(command, {{"transfer", selected()}});
  }

  static Order next_order(Order order) {
    return order == Order::age ? Order::rate : Order(static_cast<int>(order) + 1);
  }

  // Selected by id, so that the selection follows when the order changes.
  const std::string& selected() {
    const auto& transfers = model_.transfers();
    if (std::ranges::find(transfers, selected_, &Transfer::id) == transfers.end())
      selected_ = transfers.empty() ? "" : transfers[std::min(at_, transfers.size() - 1)].id;
    return selected_;
  }

  void select(std::ptrdiff_t step) {
    const auto& transfers = model_.transfers();
    if (transfers.empty()) return;
    const auto at = std::ranges::find(transfers, selected(), &Transfer::id) - transfers.begin();
    at_ = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(at + step, 0, std::ssize(transfers) - 1));
    selected_ = transfers[at_].id;
  }

  void say(std::string note) {
    note_ = std::move(note);
    note_until_ = Clock::now() + note_time;
  }

  std::string note() const {
    if (!doubtful_.empty())
      return "cancel transfer " + doubtful_ + " and remove what it has fetched? y or n";
    return Clock::now() < note_until_ && !note_.empty() ? note_ : feed_.trouble();
  }

  const bool utf8_;
  const bool colour_;
  Feed feed_;
  Model model_;
  Clock::time_point due_{}; // when to ask again
  std::string selected_;    // the id of a transfer
  std::size_t at_ = 0;      // where it was in the list
  std::string doubtful_;    // the transfer to cancel once that is confirmed
  std::string note_;        // the result of a key
  Clock::time_point note_until_{};
};

} // namespace

} // namespace top

proto::ExitCode run_top(const Globals& globals, const Screen& screen) {
  if (screen.json() || !screen.out_style().terminal || ::isatty(STDIN_FILENO) == 0)
    throw Failure(proto::ExitCode::usage, "it needs a terminal",
                  "status, transfers and peers tell the same with --json");
  return top::Top(globals, screen).run();
}

} // namespace p2pd::ctl
