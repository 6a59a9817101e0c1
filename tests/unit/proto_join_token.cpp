#include "proto/join_token.hpp"

#include <gtest/gtest.h>

namespace p2pd::proto {
namespace {

JoinToken sample() {
  JoinToken token;
  token.tracker.bytes.fill(0x11);
  token.secret.bytes.fill(0x22);
  token.addresses = {"192.0.2.7:7440", "[2001:db8::7]:7440", "tracker.example:7440"};
  return token;
}

std::string token_refusal(const std::string& text) {
  try {
    parse_join_token(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "taken";
}

TEST(JoinToken, RoundTrips) {
  const std::string text = to_text(sample());
  EXPECT_TRUE(text.starts_with("p2pd1-"));
  EXPECT_EQ(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
  const JoinToken back = parse_join_token(text);
  EXPECT_EQ(back.tracker, sample().tracker);
  EXPECT_EQ(back.secret.bytes, sample().secret.bytes);
  EXPECT_EQ(back.addresses, sample().addresses);
}

TEST(JoinToken, MayHaveMetAMailProgram) {
  std::string text = to_text(sample());
  for (std::size_t at = 70; at < text.size(); at += 71) text.insert(at, "\n");
  EXPECT_EQ(parse_join_token("  " + text + "\r\n").tracker, sample().tracker);
}

// Made with Python's base64, hashlib and msgpack.
TEST(JoinToken, IsWhatTheProtocolSays) {
  JoinToken token = sample();
  token.addresses = {"a:1"};
  EXPECT_EQ(to_text(token),
            "p2pd1-abfjhrbaceirceirceirceirceirceirceirceirceirceirceirceircei4iibceirceircei"
            "rceirceirceirceirceirceirceirceirceirceki2gyj2ghcbq2d2");
}

TEST(JoinToken, EveryTypoIsFoundOut) {
  const std::string text = to_text(sample());
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string typo = text;
    typo[at] = typo[at] == 'x' ? 'y' : 'x';
    const std::string said = token_refusal(typo);
    EXPECT_NE(said, "taken") << at;
    if (at >= 14) {
      EXPECT_TRUE(said.starts_with("the join token is damaged")) << at << ": " << said;
    }
    if (at + 1 == text.size()) continue;
    std::string swapped = text;
    std::swap(swapped[at], swapped[at + 1]);
    if (swapped != text) {
      EXPECT_NE(token_refusal(swapped), "taken") << at;
    }
  }
}

TEST(JoinToken, TellsThatItIsCutOff) {
  const std::string text = to_text(sample());
  for (std::size_t size = 6; size < text.size(); ++size)
    EXPECT_TRUE(token_refusal(text.substr(0, size)).starts_with("the join token is truncated"))
        << size;
  EXPECT_TRUE(token_refusal(text + "a").starts_with("the join token is damaged"));
}

TEST(JoinToken, TellsThatItIsNewer) {
  std::string text = to_text(sample());
  EXPECT_TRUE(
      token_refusal("p2pd2-" + text.substr(6)).starts_with("the join token is of version 2"));
  EXPECT_TRUE(
      token_refusal("p2pd17-something else").starts_with("the join token is of version 17"));
}

TEST(JoinToken, TellsThatItIsNone) {
  for (const char* text : {"", "-", "p2pd", "p2pd-", "p2pd0-aaaa", "p2pdx-aaaa", "P2PD1-AAAA",
                           "p2pd-1-aaaa", "p2pd99999999999-aaaa", "hello", "0123456789abcdef"})
    EXPECT_TRUE(token_refusal(text).starts_with("this is not a join token")) << text;
}

TEST(JoinToken, NeedsAnAddress) {
  JoinToken token = sample();
  token.addresses.clear();
  EXPECT_TRUE(token_refusal(to_text(token)).starts_with("the join token contains no secret"));
}

TEST(JoinToken, NoErrorQuotesIt) {
  std::string text = to_text(sample());
  text[40] = text[40] == 'x' ? 'y' : 'x';
  EXPECT_EQ(token_refusal(text).find(text.substr(20, 10)), std::string::npos);
}

} // namespace
} // namespace p2pd::proto
