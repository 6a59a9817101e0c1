#include "ctl/base/words.hpp"

#include <gtest/gtest.h>

namespace p2pd::ctl {
namespace {

using Words = std::vector<std::string>;

TEST(Words, ArePartedAsAShellDoes) {
  EXPECT_EQ(split("").words, Words());
  EXPECT_EQ(split("  \t ").words, Words());
  EXPECT_EQ(split(" fetch  a\tb ").words, (Words{"fetch", "a", "b"}));
  EXPECT_EQ(split("a\\ b 'c \\d' \"e \\f \\\" \\$\" g'h'\"i\"").words,
            (Words{"a b", "c \\d", "e \\f \" $", "ghi"}));
  EXPECT_EQ(split("'' \"\"").words, (Words{"", ""}));
  EXPECT_EQ(split("a #b c").words, (Words{"a"}));
  EXPECT_EQ(split("a#b").words, (Words{"a#b"}));
  EXPECT_EQ(split("*.iso $HOME `x` ; | >y").words,
            (Words{"*.iso", "$HOME", "`x`", ";", "|", ">y"}));
}

TEST(Words, NameTheHomeByATilde) {
  const auto at_home = [](std::string_view line) { return split(line, {}, "/home/u").words; };
  EXPECT_EQ(at_home("a ~/b ~/"), (Words{"a", "/home/u/b", "/home/u/"}));
  EXPECT_EQ(at_home("~ ~x a~/ '~/' \\~/ \"~/\""), (Words{"~", "~x", "a~/", "~/", "~/", "~/"}));
  EXPECT_EQ(split("~/b").words, Words{"~/b"});
}

TEST(Words, TellHowALineEnds) {
  EXPECT_FALSE(split("").in_word);
  EXPECT_FALSE(split("fetch ").in_word);
  EXPECT_TRUE(split("fetch").in_word);
  EXPECT_TRUE(split("fetch ''").in_word);
  EXPECT_EQ(split("a 'b").open, Quote::single);
  EXPECT_EQ(split("a \"b").open, Quote::twofold);
  EXPECT_EQ(split("a \"b\"").open, Quote::none);
  EXPECT_EQ(split("a b\\").words, (Words{"a", "b"}));
}

// What stays of the line, and of its last word, when that is completed.
std::pair<std::string, std::string> kept(const std::string& text, std::string_view breaks = {}) {
  const Line line = split(text, breaks);
  const std::string word = line.in_word ? line.words.back() : "";
  return {text.substr(0, line.kept), word.substr(0, line.kept_of_word)};
}

TEST(Words, TellWhatStaysWhenTheLastIsCompleted) {
  using Kept = std::pair<std::string, std::string>;
  EXPECT_EQ(kept("fetch "), Kept("fetch ", ""));
  EXPECT_EQ(kept("fetch a\\ b"), Kept("fetch ", ""));
  EXPECT_EQ(kept("fetch 'a b"), Kept("fetch '", ""));
  EXPECT_EQ(kept("fetch a\\ 'b"), Kept("fetch a\\ '", "a "));
  EXPECT_EQ(kept("fetch 'a 'b"), Kept("fetch ", ""));
  constexpr std::string_view bash = " \t\n\"'@><=;|&(:";
  EXPECT_EQ(kept("fetch a\\ b@c", bash), Kept("fetch a\\ b@", "a b@"));
  EXPECT_EQ(kept("fetch 'a@b", bash), Kept("fetch '", ""));
  EXPECT_EQ(kept("fetch 'a 'b", bash), Kept("fetch 'a '", "a "));
  EXPECT_EQ(kept("fetch a\\:b", bash), Kept("fetch ", ""));
}

TEST(Words, AreReadAsTheyWereQuoted) {
  std::string all;
  for (int c = 1; c < 256; ++c)
    if (c != '\n') all += static_cast<char>(c);
  for (const std::string& name : {all, std::string("it's"), std::string("#a"), std::string("~")}) {
    EXPECT_EQ(split(as_typed(name)).words, Words{name});
    EXPECT_EQ(split('\'' + as_typed(name, Quote::single) + '\'').words, Words{name});
    EXPECT_EQ(split('"' + as_typed(name, Quote::twofold) + '"').words, Words{name});
  }
  EXPECT_EQ(as_typed("a.b-c/d_e:f@g=h"), "a.b-c/d_e:f@g=h");
  EXPECT_EQ(as_typed("\xe6\xbc\xa2"), "\xe6\xbc\xa2");
  EXPECT_EQ(as_typed("!", Quote::twofold), "\"'!'\"");
}

} // namespace
} // namespace p2pd::ctl
