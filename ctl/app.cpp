#include "ctl/app.hpp"

#include "ctl/base/arguments.hpp"
#include "ctl/base/client.hpp"
#include "ctl/base/failure.hpp"
#include "ctl/base/interrupt.hpp"
#include "ctl/base/reach.hpp"
#include "ctl/commands/commands.hpp"
#include "ctl/commands/handlers.hpp"
#include "ctl/complete/for_shells.hpp"
#include "ctl/conversation.hpp"
#include "ctl/render/screen.hpp"

namespace p2pd::ctl {

namespace {

using proto::ExitCode;
using proto::Value;

// How long a daemon may take for a command that it answers at once.
constexpr std::chrono::seconds usual_patience(30);

Client::Deadline deadline_of(const Globals& globals, const Handler& handler) {
  if (!globals.timeout && handler.streams) return std::nullopt;
  const std::chrono::milliseconds patience = globals.timeout.value_or(usual_patience);
  if (patience == patience.zero()) return std::nullopt;
  return Client::Clock::now() + patience;
}

ExitCode show(const Handler& handler, const Value& answer, const Screen& screen) {
  if (screen.json())
    screen.print_json(answer);
  else
    screen.print(handler.render({&answer, 1}, screen.out_style()));
  return handler.verdict == nullptr ? ExitCode::done : handler.verdict(answer);
}

ExitCode ask_daemon(const Handler& handler, Invocation& invocation, const Screen& screen) try {
  if (handler.prepare != nullptr) handler.prepare(invocation.requests);
  const Reach daemon = find_daemon(invocation.globals.socket, invocation.globals.instance);
  const Interrupt interrupt;
  Client client(daemon.socket, daemon.unit, deadline_of(invocation.globals, handler),
                interrupt.descriptor(), interrupt.resized());
  ExitCode before = ExitCode::done;
  if (handler.before != nullptr) before = handler.before(invocation, client, screen);
  const ExitCode code = Conversation(client, handler, invocation, screen).run();
  return before == ExitCode::done ? code : before;
} catch (const Failure& failure) {
  const ExitCode code = failure.error().code;
  if (handler.unreached == nullptr || code == ExitCode::usage || code == ExitCode::interrupted)
    throw;
  return show(handler, handler.unreached(failure.error()), screen);
}

} // namespace

ExitCode run(const std::vector<std::string>& arguments, std::FILE* out, std::FILE* err,
             const Surroundings& around) {
  std::string name; // of the command, once it is known
  const auto fail = [&](const proto::ControlError& error) {
    Screen(out, err, around.globals.json || asks_for_json(arguments), false).fail(name, error);
    return error.code;
  };
  try {
    if (!arguments.empty() && arguments.front() == completing) {
      Screen(out, err, false, false)
          .print(complete_for_shell({std::next(arguments.begin()), arguments.end()}));
      return ExitCode::done;
    }
    CommandLine line = find_command_on(arguments);
    if (line.command != nullptr) name = line.command->name;
    Invocation invocation = parse(std::move(line));
    const Globals& globals = invocation.globals = with_defaults(invocation.globals, around.globals);
    const Screen screen(out, err, globals.json, !globals.no_color);
    if (globals.version) {
      screen.print("p2pctl " P2PD_VERSION "\n");
      return ExitCode::done;
    }
    if (invocation.command == nullptr) {
      if (globals.json)
        throw Failure(ExitCode::usage, "no command is named", "\"p2pctl help\" lists them");
      std::fputs(overview().c_str(), err);
      return ExitCode::usage;
    }
    if (around.look) around.look(invocation);
    const Handler& handler = handler_of(invocation.command->name);
    if (handler.take_over != nullptr) return handler.take_over(globals, screen);
    return handler.local != nullptr
               ? show(handler, handler.local(invocation.requests.front()), screen)
               : ask_daemon(handler, invocation, screen);
  } catch (const Failure& failure) {
    return fail(failure.error());
  } catch (const std::exception& error) { // memory has run out, or the bug is ours
    return fail({ExitCode::failed, error.what(), "please report this"});
  }
}

} // namespace p2pd::ctl
