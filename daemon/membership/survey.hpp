// One query to several trackers, each of which answers page by page. It ends once: when all of them
// have finished, or when none has answered for a second. Pending answers keep it alive. Loop thread
// only.
#pragma once

#include "daemon/io/wait_group.hpp"
#include "proto/message.hpp"

#include <algorithm>
#include <functional>
#include <memory>

namespace p2pd::membership {

class Survey final {
 public:
  // Those that did not answer, or not completely.
  using Silent = std::vector<std::string>;
  using Done = std::function<void(const Silent& silent)>;
  // Whether more is wanted; called before each further page.
  using Wanted = std::function<bool()>;

  Survey(io::Loop& loop, Done done, Wanted wanted = nullptr)
      : wanted_(std::move(wanted))
      , group_(loop, patience, [this, done = std::move(done)] { done(silent_); }) {}
  Survey(const Survey&) = delete;
  Survey& operator=(const Survey&) = delete;

  // ask(question, answer) sends a query; its answer is a message, or null if the link was lost.
  // Calls use(page) for each page that is in time.
  template <class Page, class Ask, class Question, class Use>
  static void ask(const std::shared_ptr<Survey>& survey, const std::string& who, Ask ask,
                  Question question, Use use) {
    survey->silent_.push_back(who);
    survey->group_.expect();
    turn<Page>(survey, who, std::move(ask), std::move(question), std::move(use), 1);
  }

 private:
  static constexpr io::milliseconds patience{1000};
  static constexpr unsigned most_pages = 5000; // so that no tracker can keep it going for ever

  template <class Page, class Ask, class Question, class Use>
  static void turn(const std::shared_ptr<Survey>& survey, const std::string& who, Ask ask,
                   Question question, Use use, unsigned number) {
    ask(question, [=](const proto::Message* answer) {
      if (survey->group_.over()) return;
      const Page* const page = answer == nullptr ? nullptr : std::get_if<Page>(answer);
      if (page == nullptr) return survey->group_.answered();
      use(*page);
      if constexpr (requires { page->next; })
        if (!page->next.empty()) {
          const bool wanted = survey->wanted_ == nullptr || survey->wanted_();
          if (number == most_pages || !wanted) return survey->group_.answered();
          survey->group_.wait_again(patience);
          Question further = question;
          further.cursor = page->next;
          return turn<Page>(survey, who, ask, std::move(further), use, number + 1);
        }
      survey->silent_.erase(std::ranges::find(survey->silent_, who));
      survey->group_.answered();
    });
  }
  Wanted wanted_;
  Silent silent_;
  io::WaitGroup group_;
};

} // namespace p2pd::membership
