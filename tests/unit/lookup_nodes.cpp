// Words of people and the nodes that they may mean: a table.

#include "daemon/lookup/node_filter.hpp"

#include <gtest/gtest.h>

namespace p2pd::lookup {
namespace {

// Ids that begin with the digits, which are followed by "a"s.
PeerId id_of(std::string digits) {
  digits.resize(52, 'a');
  return *proto::peer_id(digits);
}

Node node(const std::string& digits, std::string name, std::vector<std::string> addresses = {}) {
  return {id_of(digits), std::move(name), std::move(addresses)};
}

// bcd is the name of one node and the beginning of the ids of two others; the last one is called
// like the whole id of another.
const std::vector<Node> nodes{
    node("bcde", "nas", {"192.0.2.1:7440", "nas.example:7440"}),
    node("bcdf", "twin", {"192.0.2.2:7440"}),
    node("ccc", "bcd", {"192.0.2.3:7440"}),
    node("ddd", "twin", {"[2001:db8::4]:7440"}),
    node("eee", to_text(id_of("ccc"))),
    {.addresses = {"192.0.2.5:7440"}}, // a tracker that was never reached
};

struct Case {
  std::string word;
  std::string known; // the digits of whom the word is known as a name of; "": nobody
  std::vector<std::size_t> meant;
};

class Word : public testing::TestWithParam<Case> {};

TEST_P(Word, MeansTheNodesOfTheBestRung) {
  const auto& [word, digits, expected] = GetParam();
  const auto known = digits.empty() ? std::nullopt : std::optional(id_of(digits));
  EXPECT_EQ(meant(nodes, word, known), expected) << word << " known as " << digits;
}

const std::string ccc = to_text(id_of("ccc"));

INSTANTIATE_TEST_SUITE_P(
    Nodes, Word,
    testing::Values(Case{"nas", "", {0}}, Case{"192.0.2.1:7440", "", {0}},
                    Case{"nas.example:7440", "", {0}}, Case{"[2001:db8::4]:7440", "", {3}},
                    Case{"192.0.2.5:7440", "", {5}}, //
                    // A whole name before the beginning of an id.
                    Case{"bcd", "", {2}}, Case{"bcde", "", {0}}, Case{"bc", "", {0, 1}},
                    // A whole id before a name.
                    Case{ccc, "", {2}}, Case{ccc, "eee", {2}}, Case{ccc.substr(0, 50), "", {2}}, //
                    Case{"twin", "", {1, 3}}, Case{"", "", {}}, Case{"", "bcde", {}},
                    Case{"na", "", {}}, Case{"nobody", "", {}}, Case{"192.0.2.1", "", {}},
                    Case{ccc + "a", "", {}}, Case{"no id!", "", {}}, //
                    // Who is known by a name, and nobody else, whatever it calls itself now.
                    Case{"twin", "ddd", {3}}, Case{"twin", "bcde", {0}}, Case{"bcd", "bcde", {0}},
                    Case{"bcd", "fff", {}}, Case{"twin", "fff", {}}));

// Nobody is several for having been heard of twice.
TEST(Meant, TakesEachNodeOnce) {
  const std::vector<Node> twice{nodes[0], nodes[1], nodes[0]};
  EXPECT_EQ(meant(twice, "nas"), std::vector<std::size_t>{0});
  EXPECT_EQ(meant(twice, "bc"), (std::vector<std::size_t>{0, 1}));
}

ControlError failure_of(std::string_view word, const std::optional<PeerId>& known = std::nullopt,
                        NodeTerms terms = {.none = nobody("x", "no peer that is here", "look")}) {
  const ChosenNode chosen = choose_node(nodes, word, std::move(terms), known);
  EXPECT_TRUE(std::holds_alternative<ControlError>(chosen)) << word;
  return std::get<ControlError>(chosen);
}

TEST(ChooseNode, TakesTheOnlyOne) {
  EXPECT_EQ(std::get<std::size_t>(choose_node(nodes, "bcd", {})), 2U);
}

TEST(ChooseNode, NamesThoseBetweenWhichItCannotChoose) {
  const ControlError failure = failure_of("twin");
  EXPECT_EQ(failure.code, proto::ExitCode::failed);
  EXPECT_EQ(failure.message, "\"twin\" is several peers: twin (" + to_text(id_of("bcdf")) +
                                 "), twin (" + to_text(id_of("ddd")) + ")");
  EXPECT_EQ(failure.remedy, "name one by its id");
  EXPECT_EQ(failure_of("twin", {}, {.several = "trackers", .told_apart = "address"}).remedy,
            "name one by its address");
}

TEST(ChooseNode, SaysWhyNobodyIsMeant) {
  EXPECT_EQ(failure_of("nobody").message, "\"x\" is no peer that is here");
  EXPECT_EQ(failure_of("nobody").code, proto::ExitCode::not_found);
  const std::string impostor = failure_of("nas", id_of("fff")).message;
  EXPECT_NE(impostor.find("first known here as " + to_text(id_of("fff"))), std::string::npos);
  EXPECT_NE(impostor.find(to_text(id_of("bcde")) + " calls itself so"), std::string::npos);
  EXPECT_EQ(nobody("a\n\xff", "nobody", "").message, "\"a?\xef\xbf\xbd\" is nobody");
}

// As sources are heard of: the best fit of all that were heard of so far.
TEST(NodeFilter, WantsThoseThatFitBest) {
  const auto stranger = [](const std::string&) { return std::optional<PeerId>(); };
  const auto wanted = [&](NodeFilter& filter) {
    std::string digits;
    for (const Node& each : nodes)
      if (each.id && filter.wants(each, stranger)) digits += to_text(*each.id).substr(0, 4) + ' ';
    return digits;
  };
  NodeFilter everybody({}), one({"bcd"}), some({"bcd", "twin"});
  EXPECT_EQ(wanted(everybody), "bcde bcdf ccca ddda eeea ");
  EXPECT_EQ(wanted(one), "bcde bcdf ccca ") << "nobody was heard of yet";
  for (NodeFilter* const filter : {&one, &some})
    for (const Node& each : nodes) filter->hear_of(each, stranger);
  EXPECT_EQ(wanted(one), "ccca ");
  EXPECT_EQ(wanted(some), "bcdf ccca ddda ");
  const auto known = [](const std::string&) { return std::optional(id_of("ddd")); };
  EXPECT_TRUE(one.wants(nodes[3], known));
  EXPECT_FALSE(one.wants(nodes[2], known));
}

} // namespace
} // namespace p2pd::lookup
