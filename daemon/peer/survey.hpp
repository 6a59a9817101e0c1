// One question to all trackers that are connected, answered page by page. It ends once: when the
// last of them has said all, or when none has said anything for a second. Kept alive by those whose
// answers are still to come. Loop thread only.
#pragma once

#include "daemon/peer/tracker_link.hpp"

#include <algorithm>

namespace p2pd::peer {

class Survey final {
 public:
  // The addresses of those that did not answer, or not to the end.
  using Silent = std::vector<std::string>;
  using Done = std::function<void(const Silent& silent)>;

  Survey(io::Loop& loop, Done done)
      : done_(std::move(done)), deadline_(loop, io::bind<&Survey::finish>(this)) {
    deadline_.once(patience);
  }
  Survey(const Survey&) = delete;
  Survey& operator=(const Survey&) = delete;

  // Calls use(link, page) for each page of the answer, unless it comes too late.
  template <class Page, class Question, class Use>
  static void ask(const std::shared_ptr<Survey>& survey, TrackerLink& link, Question question,
                  Use use) {
    survey->silent_.push_back(to_text(link.address()));
    ++survey->open_;
    turn<Page>(survey, link, std::move(question), std::move(use), survey->silent_.back());
  }

 private:
  static constexpr io::milliseconds patience{1000};

  template <class Page, class Question, class Use>
  static void turn(const std::shared_ptr<Survey>& survey, TrackerLink& link, Question question,
                   Use use, const std::string& who) {
    link.ask(question, [survey, &link, question, use, who](const proto::Message* answer) mutable {
      if (!survey->done_) return;
      const Page* const page = answer == nullptr ? nullptr : std::get_if<Page>(answer);
      if (page == nullptr) return survey->ended();
      use(std::as_const(link), *page);
      if constexpr (requires { page->next; })
        if (!page->next.empty()) {
          survey->deadline_.once(patience);
          question.cursor = page->next;
          return turn<Page>(survey, link, std::move(question), std::move(use), who);
        }
      survey->silent_.erase(std::ranges::find(survey->silent_, who));
      survey->ended();
    });
  }
  void ended() {
    if (--open_ == 0) finish();
  }
  void finish() {
    deadline_.stop();
    if (const auto done = std::exchange(done_, nullptr)) done(silent_);
  }

  Done done_;
  Silent silent_;
  std::size_t open_ = 0;
  io::Timer deadline_;
};

} // namespace p2pd::peer
