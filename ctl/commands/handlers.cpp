#include "ctl/commands/handlers.hpp"

#include "ctl/commands/commands.hpp"
#include "ctl/shell/shell.hpp"
#include "ctl/top/top.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace p2pd::ctl {

namespace {

constexpr std::array table{
    Handler{.command = "status", .render = render_status},
    Handler{.command = "peers", .render = render_peers},
    Handler{.command = "files", .render = render_files, .joined = "files"},
    Handler{.command = "search", .render = render_search, .joined = "files"},
    Handler{.command = "chunks", .render = render_chunks},
    Handler{.command = "discover", .render = render_discover},
    Handler{.command = "ping",
            .render = render_ping,
            .streams = true,
            .follows = true,
            .event = render_ping},
    Handler{.command = "watch",
            .render = render_event,
            .streams = true,
            .follows = true,
            .event = render_event},
    Handler{.command = "publish",
            .render = render_publish,
            .prepare = prepare_publish,
            .before = copy_to_share,
            .noun = "files",
            .streams = true,
            .aftermath = aftermath_of_publish},
    Handler{.command = "unpublish", .render = render_unpublish},
    Handler{.command = "fetch",
            .render = render_fetch,
            .prepare = prepare_fetch,
            .noun = "transfers",
            .streams = true,
            .follows = true,
            .aftermath = aftermath_of_fetch},
    Handler{.command = "transfers", .render = render_transfers},
    Handler{.command = "pause", .render = render_state, .noun = "transfers"},
    Handler{.command = "resume", .render = render_state, .noun = "transfers"},
    Handler{.command = "cancel", .render = render_state, .noun = "transfers"},
    Handler{.command = "forget", .render = render_state, .noun = "transfers"},
    Handler{.command = "wait",
            .render = render_fetch,
            .noun = "transfers",
            .streams = true,
            .follows = true,
            .aftermath = aftermath_of_fetch},
    Handler{.command = "why", .render = render_why, .noun = "transfers"},
    Handler{.command = "verify", .render = render_verify, .noun = "files", .streams = true},
    Handler{.command = "limit", .render = render_limit},
    Handler{.command = "delay", .render = render_delay},
    Handler{.command = "invite", .render = render_invite},
    Handler{.command = "join", .render = render_join, .prepare = prepare_join},
    Handler{.command = "connect", .render = render_join},
    Handler{.command = "disconnect", .render = render_disconnect},
    Handler{.command = "kick", .render = render_moderated},
    Handler{.command = "ban", .render = render_moderated},
    Handler{.command = "unban", .render = render_moderated},
    Handler{.command = "bans", .render = render_bans},
    Handler{.command = "doctor",
            .render = render_doctor,
            .unreached = doctor_without_daemon,
            .verdict = verdict_of_doctor},
    Handler{.command = "reload", .render = render_reload},
    Handler{.command = "log-level", .render = render_log_level},
    Handler{.command = "shutdown", .render = render_shutdown, .until_closed = true},
    Handler{.command = "secret new", .render = render_secret, .local = new_secret},
    Handler{.command = "help", .render = render_help, .local = explain},
    Handler{.command = "top", .take_over = run_top},
    Handler{.command = "shell", .take_over = run_shell},
    Handler{.command = "completion", .render = render_completion, .local = make_completion},
};

} // namespace

std::span<const Handler> handlers() {
  return table;
}

const Handler& handler_of(std::string_view command) {
  const auto found = std::ranges::find(table, command, &Handler::command);
  assert(found != table.end());
  return *found;
}

} // namespace p2pd::ctl
