#include "ctl/conversation.hpp"

#include "ctl/render/cells.hpp"

namespace p2pd::ctl {

namespace {

constexpr std::size_t most_at_once = 256; // the daemon refuses more than 1,000

using proto::ControlError;
using proto::ControlReply;
using proto::ExitCode;
using proto::ReplyKind;
using proto::Value;

} // namespace

Conversation::Conversation(Client& client, const Handler& handler, const Invocation& invocation,
                           const Screen& screen)
    : client_(client)
    , command_(*invocation.command)
    , handler_(handler)
    , invocation_(invocation)
    , screen_(screen)
    , progress_(screen.progress(), screen.err_style(), invocation.labels)
    , ended_(invocation.requests.size())
    , open_(invocation.requests.size()) {}

ExitCode Conversation::run() {
  try {
    listen();
  } catch (const Failure&) {
    show_answers(); // answers that have arrived are valid regardless of the rest
    throw;
  }
  if (handler_.until_closed && code_ == ExitCode::done) wait_closed();
  show_answers();
  return code_;
}

void Conversation::ask() {
  const std::vector<Value>& requests = invocation_.requests;
  const std::size_t ended = requests.size() - open_;
  for (; asked_ < requests.size() && asked_ - ended < most_at_once; ++asked_)
    client_.send({asked_ + 1, std::string(command_.name), requests[asked_]});
}

void Conversation::listen() {
  while (open_ > 0) {
    ask();
    ControlReply reply;
    const Next next = client_.next(reply, progress_.due());
    if (next == Next::reply)
      take(std::move(reply));
    else if (next == Next::wake)
      progress_.draw(Progress::Clock::now());
    else if (next == Next::resized)
      progress_.redraw();
    else
      throw ended_early(next, aftermath());
  }
}

Aftermath Conversation::aftermath() const {
  if (handler_.aftermath == nullptr) return {};
  Value::Array running;
  for (const auto& [index, event] : running_) running.push_back(event);
  return handler_.aftermath(running);
}

void Conversation::take(ControlReply reply) try {
  if (reply.id == proto::of_no_request && reply.kind == ReplyKind::error)
    throw Failure(ControlError::from(reply.body));
  const std::size_t index = reply.id - 1;
  if (index >= asked_ || ended_[index]) throw proto::Error("it answers what nobody asked");
  switch (reply.kind) {
  case ReplyKind::event:
    return on_event(index, reply.body);
  case ReplyKind::ok:
    return on_answer(index, std::move(reply.body));
  case ReplyKind::error:
    return on_error(index, ControlError::from(reply.body));
  }
} catch (const proto::Error& error) {
  throw not_understood(error);
}

void Conversation::end(std::size_t index) {
  ended_[index] = true;
  --open_;
  running_.erase(index);
}

void Conversation::join(std::size_t index, const Value& body) {
  const Value::Array& part = list_of(body[command_.in_parts]);
  Value::Array& parts = parts_[index];
  parts.insert(parts.end(), part.begin(), part.end());
}

void Conversation::on_event(std::size_t index, const Value& body) {
  if (!command_.in_parts.empty()) return join(index, body);
  if (screen_.json() && command_.json_events) print_json({body});
  if (handler_.aftermath != nullptr) running_[index] = body;
  if (handler_.event == nullptr) return progress_.update(index, body);
  if (!screen_.json()) screen_.print(handler_.event({&body, 1}, screen_.out_style()));
}

void Conversation::on_answer(std::size_t index, Value body) {
  if (!body.is_null()) body.object(); // throws if it is not an answer
  end(index);
  if (parts_.contains(index)) {
    join(index, body);
    body.set(command_.in_parts, Value(std::move(parts_[index])));
  }
  progress_.finish(index, true);
  if (std::string warning = text_of(body["warning"]); !warning.empty() && !screen_.json()) {
    if (ended_.size() > 1) warning = invocation_.labels[index] + ": " + warning;
    progress_.clear();
    screen_.warn(command_.name, warning);
  }
  if (handler_.verdict != nullptr && code_ == ExitCode::done) code_ = handler_.verdict(body);
  answers_.emplace(index, std::move(body));
  // Lines for scripts are printed at once; terminals get one table after the bars.
  const bool together = screen_.json() ? !command_.together.empty() : screen_.out_style().terminal;
  if (!together && !handler_.until_closed) show_answers();
}

void Conversation::on_error(std::size_t index, const ControlError& error) {
  end(index);
  if (code_ == ExitCode::done)
    code_ = error.code == ExitCode::done ? ExitCode::failed : error.code; // an error is never 0
  progress_.finish(index, false);
  progress_.clear();
  screen_.fail(command_.name, error);
}

void Conversation::show_answers() {
  progress_.clear();
  if (answers_.empty()) return;
  std::vector<Value> answers;
  for (auto& [index, answer] : std::exchange(answers_, {})) answers.push_back(std::move(answer));
  if (screen_.json())
    print_json(std::move(answers));
  else
    screen_.print(handler_.render(answers, screen_.out_style()));
}

void Conversation::print_json(std::vector<Value> answers) const {
  if (!command_.together.empty())
    return screen_.print_json({{std::string(command_.together), std::move(answers)}});
  for (Value& answer : answers) screen_.print_json(std::move(answer));
}

void Conversation::wait_closed() {
  ControlReply surplus;
  for (Next next = Next::reply; next != Next::closed;) {
    next = client_.next(surplus, std::nullopt);
    if (next != Next::reply && next != Next::closed) throw ended_early(next, {});
  }
}

} // namespace p2pd::ctl
