// The parts that handlers.cpp binds together, each in the file of its command.
#pragma once

#include "ctl/commands/handlers.hpp"

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

} // namespace p2pd::ctl
