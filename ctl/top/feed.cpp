#include "ctl/top/feed.hpp"

#include "ctl/render/text.hpp"

#include <algorithm>
#include <poll.h>
#include <unistd.h>

namespace p2pd::ctl::top {

namespace {

constexpr auto silence = std::chrono::seconds(3); // that goes without saying

void wait_for_key(Feed::Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Feed::Clock::now());
  pollfd keys{STDIN_FILENO, POLLIN, 0};
  ::poll(&keys, 1, static_cast<int>(std::max<long>(left.count(), 0)));
}

} // namespace

void Feed::ask(std::initializer_list<std::string_view> commands) try {
  if (!client_) client_.emplace(daemon_.socket, daemon_.unit, std::nullopt, STDIN_FILENO);
  if (awaits_figures()) return;
  asked_since_ = Clock::now();
  figures_ = {last_id_ + 1, last_id_ + commands.size()};
  for (const std::string_view command : commands) send(command, proto::Value());
} catch (const Failure& failure) {
  lose(failure);
}

void Feed::tell(std::string_view command, proto::Value params) {
  if (client_) send(command, std::move(params));
}

std::optional<Answer> Feed::wait(Clock::time_point until) try {
  if (!client_) {
    wait_for_key(until);
    return std::nullopt;
  }
  if (awaits_figures() && Clock::now() > asked_since_ + silence)
    trouble_ = "the daemon does not answer; its log says more";
  Answer answer;
  const Next next = client_->next(answer.reply, until);
  if (next == Next::closed) lose(ended_early(next, {}));
  if (next != Next::reply) return std::nullopt;
  auto asked = asked_.extract(answer.reply.id);
  if (asked.empty()) return std::nullopt;
  answer.command = std::move(asked.mapped());
  if (!awaits_figures()) trouble_.clear();
  return answer;
} catch (const Failure& failure) {
  lose(failure);
  return std::nullopt;
}

void Feed::send(std::string_view command, proto::Value params) {
  client_->send({++last_id_, std::string(command), std::move(params)});
  asked_.emplace(last_id_, command);
}

void Feed::lose(const Failure& failure) {
  client_.reset();
  asked_.clear();
  trouble_ = line_of(failure.error());
}

bool Feed::awaits_figures() const {
  const auto first = asked_.lower_bound(figures_.first);
  return first != asked_.end() && first->first <= figures_.second;
}

std::string line_of(const proto::ControlError& error) {
  return safe(error.message + (error.remedy.empty() ? "" : "; " + error.remedy));
}

} // namespace p2pd::ctl::top
