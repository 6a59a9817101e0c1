// What p2pctl does for each command: functions, each in the file of its topic, and the table that
// binds them. Most commands are a renderer and a row. Thread: any; constant data.
#pragma once

#include "ctl/commands/handlers.hpp"
#include "ctl/shell/shell.hpp"
#include "ctl/top/top.hpp"

#include <array>

namespace p2pd::ctl {

using Answers = std::span<const proto::Value>;

std::string render_status(Answers answers, const Style& style);
std::string render_peers(Answers answers, const Style& style);
std::string render_files(Answers answers, const Style& style);
std::string render_search(Answers answers, const Style& style);
std::string render_chunks(Answers answers, const Style& style);
std::string render_discover(Answers answers, const Style& style);
std::string render_ping(Answers answers, const Style& style);
std::string render_event(Answers answers, const Style& style);
std::string render_publish(Answers answers, const Style& style);
std::string render_unpublish(Answers answers, const Style& style);
std::string render_fetch(Answers answers, const Style& style);
std::string render_transfers(Answers answers, const Style& style);
std::string render_state(Answers answers, const Style& style);
std::string render_verify(Answers answers, const Style& style);
std::string render_limit(Answers answers, const Style& style);
std::string limits_text(const proto::Value& limits); // in one line
std::string render_why(Answers answers, const Style& style);
std::string render_delay(Answers answers, const Style& style);
std::string render_invite(Answers answers, const Style& style);
std::string render_join(Answers answers, const Style& style);
std::string render_disconnect(Answers answers, const Style& style);
std::string render_bans(Answers answers, const Style& style);
std::string render_moderated(Answers answers, const Style& style);
std::string render_doctor(Answers answers, const Style& style);
std::string render_reload(Answers answers, const Style& style);
std::string render_log_level(Answers answers, const Style& style);
std::string render_shutdown(Answers answers, const Style& style);
std::string render_secret(Answers answers, const Style& style);
std::string render_completion(Answers answers, const Style& style);
std::string render_help(Answers answers, const Style& style);

void prepare_publish(std::vector<proto::Value>& requests);
void prepare_fetch(std::vector<proto::Value>& requests);
void prepare_join(std::vector<proto::Value>& requests);

Aftermath aftermath_of_publish(const proto::Value::Array& running);
Aftermath aftermath_of_fetch(const proto::Value::Array& running);

proto::ExitCode copy_to_share(Invocation& invocation, Client& client, const Screen& screen);

proto::Value doctor_without_daemon(const proto::ControlError& error);
proto::ExitCode verdict_of_doctor(const proto::Value& answer);

proto::Value new_secret(const proto::Value& params);
proto::Value make_completion(const proto::Value& params);
proto::Value explain(const proto::Value& params); // for help

// The page that a bare "p2pctl" prints.
std::string overview();

inline constexpr std::array handler_table{
    Handler{.command = "status", .render = render_status},
    Handler{.command = "peers", .render = render_peers},
    Handler{.command = "files", .render = render_files},
    Handler{.command = "search", .render = render_search},
    Handler{.command = "chunks", .render = render_chunks},
    Handler{.command = "discover", .render = render_discover},
    Handler{.command = "ping", .render = render_ping, .streams = true, .event = render_ping},
    Handler{.command = "watch", .render = render_event, .streams = true, .event = render_event},
    Handler{.command = "publish",
            .render = render_publish,
            .prepare = prepare_publish,
            .before = copy_to_share,
            .streams = true,
            .aftermath = aftermath_of_publish},
    Handler{.command = "unpublish", .render = render_unpublish},
    Handler{.command = "fetch",
            .render = render_fetch,
            .prepare = prepare_fetch,
            .streams = true,
            .aftermath = aftermath_of_fetch},
    Handler{.command = "transfers", .render = render_transfers},
    Handler{.command = "pause", .render = render_state},
    Handler{.command = "resume", .render = render_state},
    Handler{.command = "cancel", .render = render_state},
    Handler{.command = "forget", .render = render_state},
    Handler{.command = "wait",
            .render = render_fetch,
            .streams = true,
            .aftermath = aftermath_of_fetch},
    Handler{.command = "why", .render = render_why},
    Handler{.command = "verify", .render = render_verify, .streams = true},
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

} // namespace p2pd::ctl
