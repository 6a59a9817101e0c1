// When a survey ends, and who counts as silent.
#include "daemon/membership/survey.hpp"

#include <gtest/gtest.h>

namespace p2pd::membership {
namespace {

using Answer = std::function<void(const proto::Message*)>;

class SurveyTest : public testing::Test {
 protected:
  ~SurveyTest() override {
    answers.clear(); // and with them what still runs
    loop.run();
  }

  std::shared_ptr<Survey> survey(Survey::Wanted wanted = nullptr) {
    return std::make_shared<Survey>(
        loop,
        [this](const Survey::Silent& who) {
          silent = who;
          ++ends;
        },
        std::move(wanted));
  }
  // Asks one, whose answers are given by `answers`, in the order of the questions.
  void ask(const std::shared_ptr<Survey>& one, const std::string& who) {
    Survey::ask<proto::Shared>(
        one, who,
        [this](const proto::Discover& question, Answer answer) {
          cursors.push_back(question.cursor);
          answers.push_back(std::move(answer));
        },
        proto::Discover{}, [this](const proto::Shared&) { ++pages; });
  }
  void answer(std::size_t which, const std::string& next = "") {
    proto::Shared page;
    page.next = next;
    const proto::Message message = page;
    answers[which](&message);
  }

  io::Loop loop;
  std::vector<Answer> answers;
  std::vector<std::string> cursors;
  Survey::Silent silent;
  int ends = 0;
  int pages = 0;
};

TEST_F(SurveyTest, EndsOnceWhenTheLastHasAnswered) {
  {
    const auto both = survey();
    ask(both, "a");
    ask(both, "b");
  }
  answer(1);
  EXPECT_EQ(ends, 0);
  answer(0);
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(pages, 2);
  EXPECT_TRUE(silent.empty());
}

TEST_F(SurveyTest, AsksForFurtherPagesByTheirCursor) {
  ask(survey(), "a");
  answer(0, "c1");
  answer(1, "c2");
  EXPECT_EQ(ends, 0);
  answer(2);
  EXPECT_EQ(cursors, (std::vector<std::string>{"", "c1", "c2"}));
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(ends, 1);
  EXPECT_TRUE(silent.empty());
}

TEST_F(SurveyTest, WhoseAnswerIsLostOrAnotherMessageIsSilent) {
  {
    const auto all = survey();
    for (const char* who : {"lost", "wrong", "well"}) ask(all, who);
  }
  const proto::Message other = proto::Failed{};
  answers[0](nullptr);
  answers[1](&other);
  answer(2);
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(pages, 1);
  EXPECT_EQ(silent, (Survey::Silent{"lost", "wrong"}));
}

TEST_F(SurveyTest, WhoStopsInTheMiddleIsSilent) {
  ask(survey(), "a");
  answer(0, "c1");
  answers[1](nullptr);
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(silent, Survey::Silent{"a"});
}

TEST_F(SurveyTest, AsksForNoPageThatNobodyWants) {
  ask(survey([] { return false; }), "a");
  answer(0, "c1");
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(silent, Survey::Silent{"a"}) << "it has not said all";
}

} // namespace
} // namespace p2pd::membership
