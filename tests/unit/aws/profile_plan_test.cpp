// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/profile_plan.h"

#include <gtest/gtest.h>

#include "show.h"
#include "support/aws_home.h"

namespace kvsarchive::aws {
namespace {

using test::AwsHome;

std::string showRole(const RoleRequest& role) {
  std::string text = role.roleArn;
  text += role.sessionName.empty() ? "" : " as " + role.sessionName;
  text += role.externalId.empty() ? "" : " with " + role.externalId;
  text += role.durationSeconds == 0 ? "" : " for " + std::to_string(role.durationSeconds);
  return text;
}

struct Show {
  std::string operator()(const Credentials& keys) const {
    return "keys " + keys.accessKeyId + "/" + keys.secretKey + "/" + keys.sessionToken;
  }
  std::string operator()(const WebIdentity& identity) const {
    return "web " + identity.tokenFile + " -> " + showRole(identity.role);
  }
  std::string operator()(const SsoLogin& login) const {
    return "sso " + login.profile + "," + login.session + "," + login.startUrl + "," +
           login.region + "," + login.accountId + "," + login.roleName;
  }
  std::string operator()(const ProcessCommand& command) const { return "run " + command.line; }
  std::string operator()(NamedSource source) const {
    return source == NamedSource::kEnvironment           ? "environment"
           : source == NamedSource::kEc2InstanceMetadata ? "ec2"
                                                         : "ecs";
  }
};

/// What is to be done, in one line.
std::string plan(const std::string& config, const std::string& credentials,
                 const ProfileName& name = {"p", "AWS_PROFILE"}) {
  const AwsHome home(config, credentials);
  const auto shared = SharedConfig::load();
  if (!shared) {
    return showError(shared.error());
  }
  const auto plan = planProfile(*shared, name);
  if (!plan) {
    return showError(plan.error());
  }
  std::string text = plan->profile + ": " + std::visit(Show(), plan->first);
  for (const RoleStep& step : plan->roles) {
    text += " | " + step.profile + ": " + showRole(step.role);
  }
  return text;
}

struct Case {
  std::string config, credentials, expected;
};

constexpr const char* kKeys = "aws_access_key_id=ID\naws_secret_access_key=SECRET\n";

TEST(ProfilePlan, WhatAProfileHasItself) {
  const std::string keys = kKeys;
  const std::string profile = "[profile p]\n" + keys;
  const std::string section = "[p]\n" + keys;
  const std::string process = "[profile p]\ncredential_process=run it\n" + keys;
  const std::string web =
      "[profile p]\nweb_identity_token_file=/t\nrole_arn=R\nrole_session_name=S\n"
      "duration_seconds=900\n" +
      keys;
  const std::string sso =
      "[profile p]\nsso_start_url=U\nsso_region=r\nsso_account_id=1\nsso_role_name=N\n" + keys;
  for (const Case& c : {
           Case{profile, "", "p: keys ID/SECRET/"},
           Case{"", section, "p: keys ID/SECRET/"},
           Case{"", (section + "aws_session_token=T\naws_security_token=O\n"),
                "p: keys ID/SECRET/T"},
           Case{"", (section + "aws_security_token=O\n"), "p: keys ID/SECRET/O"},
           // What goes before what.
           Case{process, "", "p: run run it"},
           Case{process, section, "p: keys ID/SECRET/"},
           Case{"", "[p]\ncredential_process=run it\n", "p: run run it"},
           Case{web, section, "p: web /t -> R as S for 900"},
           Case{(web + "source_profile=q\n"), "", "p: web /t -> R as S for 900"},
           Case{sso, section, "p: sso p,,U,r,1,N"},
           Case{(web + "sso_account_id=1\n"), "", "p: web /t -> R as S for 900"},
           Case{(sso + "credential_process=x\n"), "", "p: sso p,,U,r,1,N"},
           // Not enough.
           Case{"", "[p]\naws_access_key_id=ID\n",
                "settings: profile \"p\" has aws_access_key_id, but no aws_secret_access_key"},
           Case{"", "[p]\naws_secret_access_key=SECRET\n",
                "settings: profile \"p\" has aws_secret_access_key, but no aws_access_key_id"},
           Case{"[profile p]\naws_access_key_id=ID\n", "",
                "settings: profile \"p\" has aws_access_key_id, but no aws_secret_access_key"},
           Case{"[profile p]\naws_access_key_id=ID\naws_secret_access_key=\n", "",
                "settings: profile \"p\" has aws_access_key_id, but no aws_secret_access_key"},
           Case{"[profile p]\naws_access_key_id=ID\n", "[p]\naws_secret_access_key=SECRET\n",
                "p: keys ID/SECRET/"},
           Case{"[profile p]\nweb_identity_token_file=/t\n", "",
                "settings: profile \"p\" has web_identity_token_file, but no role_arn"},
           Case{"[profile p]\nlogin_session=arn\n", "",
                "settings: profile \"p\" has login_session, which is not supported: use SSO or a "
                "role"},
           Case{"[profile p]\nregion=r\n", "", "absent: profile \"p\" has no credentials"},
           Case{"[profile p]\nsso_session=s\n[sso-session s]\nsso_region=r\nsso_start_url=U\n", "",
                "absent: profile \"p\" has no credentials"},
           Case{
               "[profile q]\n", "",
               "settings: the AWS profile \"p\" (AWS_PROFILE) is neither in the config file nor in "
               "the credentials file"},
       }) {
    EXPECT_EQ(plan(c.config, c.credentials), c.expected) << c.config << c.credentials;
  }
}

TEST(ProfilePlan, TheDefaultProfileNeedNotBeThere) {
  const std::string keys = std::string("[default]\n") + kKeys;
  EXPECT_EQ(plan("", "", {"default", ""}), "absent: profile \"default\" has no credentials");
  EXPECT_EQ(plan("", keys, {"default", ""}), "default: keys ID/SECRET/");
  EXPECT_EQ(plan("", "", {"default", "profile"}),
            "settings: the AWS profile \"default\" (profile) is neither in the config file nor in "
            "the credentials file");
}

TEST(ProfilePlan, Sso) {
  const std::string session = "[sso-session s]\nsso_start_url=U\nsso_region=r\n";
  for (const Case& c : {
           Case{"sso_session=s\nsso_account_id=1\nsso_role_name=N\n", "", "p: sso p,s,U,r,1,N"},
           Case{"sso_session=s\nsso_account_id=1\nsso_role_name=N\nsso_region=r\n", "",
                "p: sso p,s,U,r,1,N"},
           Case{"sso_session=s\nsso_account_id=1\nsso_role_name=N\nsso_region=other\n", "",
                "settings: profile \"p\" has another sso_region than its sso-session \"s\""},
           Case{"sso_session=t\nsso_account_id=1\nsso_role_name=N\n", "",
                "settings: profile \"p\" has sso_session \"t\", but there is no such sso-session "
                "section"},
           Case{"sso_session=s\nsso_account_id=1\n", "",
                "settings: profile \"p\" is set up for SSO, but has no sso_role_name"},
           Case{"sso_role_name=N\n", "",
                "settings: profile \"p\" is set up for SSO, but has no sso_account_id, "
                "sso_start_url, sso_region"},
       }) {
    EXPECT_EQ(plan("[profile p]\n" + c.config + session, ""), c.expected) << c.config;
  }
}

TEST(ProfilePlan, Roles) {
  const std::string keys = std::string("[base]\n") + kKeys;
  for (const Case& c : {
           Case{"[profile p]\nrole_arn=R\nsource_profile=base\n", keys,
                "base: keys ID/SECRET/ | p: R"},
           Case{"[profile p]\nrole_arn=R\nsource_profile=base\nexternal_id=E\nrole_session_name=S\n"
                "duration_seconds=43200\n",
                keys, "base: keys ID/SECRET/ | p: R as S with E for 43200"},
           // Keys of its own do not count.
           Case{"[profile p]\nrole_arn=R\nsource_profile=base\naws_access_key_id=x\n"
                "aws_secret_access_key=y\n",
                keys, "base: keys ID/SECRET/ | p: R"},
           Case{"[profile p]\nrole_arn=R\ncredential_source=Environment\n", "",
                "p: environment | p: R"},
           Case{"[profile p]\nrole_arn=R\ncredential_source=Ec2InstanceMetadata\n", "",
                "p: ec2 | p: R"},
           Case{"[profile p]\nrole_arn=R\ncredential_source=EcsContainer\n", "", "p: ecs | p: R"},
           // Chains.
           Case{"[profile p]\nrole_arn=R\nsource_profile=q\n"
                "[profile q]\nrole_arn=Q\nsource_profile=base\n",
                keys, "base: keys ID/SECRET/ | q: Q | p: R"},
           Case{"[profile p]\nrole_arn=R\nsource_profile=q\n"
                "[profile q]\nrole_arn=Q\nsource_profile=r\n"
                "[profile r]\nrole_arn=T\ncredential_source=EcsContainer\n",
                "", "r: ecs | r: T | q: Q | p: R"},
           Case{"[profile p]\nrole_arn=R\nsource_profile=q\n"
                "[profile q]\nrole_arn=Q\nweb_identity_token_file=/t\n",
                "", "q: web /t -> Q | p: R"},
           Case{"[profile p]\nrole_arn=R\nsource_profile=q\n[profile q]\ncredential_process=run\n",
                "", "q: run run | p: R"},
           Case{"[profile p]\nrole_arn=R\nsource_profile=q\n"
                "[profile q]\nsso_start_url=U\nsso_region=r\nsso_account_id=1\nsso_role_name=N\n",
                "", "q: sso q,,U,r,1,N | p: R"},
           // A source with keys is its keys, whatever else it has.
           Case{"[profile p]\nrole_arn=R\nsource_profile=base\n"
                "[profile base]\nrole_arn=Q\nsource_profile=p\n",
                keys, "base: keys ID/SECRET/ | p: R"},
           // Itself, with keys.
           Case{"[profile p]\nrole_arn=R\nsource_profile=p\naws_access_key_id=x\n"
                "aws_secret_access_key=y\n",
                "", "p: keys x/y/ | p: R"},
           Case{"[profile p]\nrole_arn=R\nsource_profile=p\naws_access_key_id=x\n", "",
                "settings: profile \"p\" has aws_access_key_id, but no aws_secret_access_key"},
       }) {
    EXPECT_EQ(plan(c.config, c.credentials), c.expected) << c.config;
  }
}

TEST(ProfilePlan, RolesThatCantBe) {
  const std::string keys = std::string("[base]\n") + kKeys;
  const std::string circle = "settings: source_profile leads from profile to profile in a circle: ";
  for (const auto& [text, expected] : {
           std::pair<std::string, std::string>("",
                                               "settings: profile \"p\" has role_arn, but "
                                               "neither source_profile nor credential_source"),
           {"source_profile=base\ncredential_source=Environment\n",
            "settings: profile \"p\" has both source_profile and credential_source"},
           {"credential_source=environment\n",
            "settings: profile \"p\" has credential_source \"environment\", which is none of "
            "Environment, Ec2InstanceMetadata, EcsContainer"},
           {"source_profile=nobody\n",
            "settings: profile \"p\" has source_profile \"nobody\", which does not exist"},
           {"source_profile=empty\n[profile empty]\nregion=r\n",
            "settings: profile \"empty\" has no credentials"},
           {"source_profile=base\nmfa_serial=arn\n",
            "settings: profile \"p\" has mfa_serial, but nobody can be asked for a code here: use "
            "a profile with temporary credentials or SSO"},
           {"source_profile=q\n[profile q]\nrole_arn=Q\nsource_profile=base\nmfa_serial=arn\n",
            "settings: profile \"q\" has mfa_serial, but nobody can be asked for a code here: use "
            "a profile with temporary credentials or SSO"},
           {"source_profile=p\n", circle + "\"p\", \"p\""},
           {"source_profile=q\n[profile q]\nrole_arn=Q\nsource_profile=p\n",
            circle + "\"p\", \"q\", \"p\""},
           {"source_profile=q\n[profile q]\nrole_arn=Q\nsource_profile=q\n",
            circle + "\"p\", \"q\", \"q\""},
       }) {
    EXPECT_EQ(plan("[profile p]\nrole_arn=R\n" + text, keys), expected) << text;
  }
  for (const char* duration : {"899", "43201", "1h", "-900", "3600.0", "99999999999999999999"}) {
    EXPECT_EQ(plan("[profile p]\nrole_arn=R\nsource_profile=base\nduration_seconds=" +
                       std::string(duration) + "\n",
                   keys),
              "settings: profile \"p\" has duration_seconds \"" + std::string(duration) +
                  "\", which is no whole number from 900 to 43200");
  }
}

}  // namespace
}  // namespace kvsarchive::aws
