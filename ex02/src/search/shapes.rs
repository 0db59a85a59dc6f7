//! Which well-known shapes do keys have?
//!
//! Each row has a name for the rule: the name of gitleaks, if there is one, because its users know it. It
//! also has words for everybody else. When a text fits two rows, the upper one counts.

/// A kind of key with a well-known shape.
pub struct Shape {
    /// The name of the rule, such as `github-pat`. It stays the same when the words change.
    pub rule: &'static str,
    /// The kind of key, in words.
    pub name: &'static str,
    /// The text that the search finds first, in every file, at the speed of memory.
    pub anchor: &'static str,
    /// How the place of an anchor is looked at closely.
    pub look: Look,
}

/// The text before an anchor: bytes of this kind, with the least and the greatest number.
pub type Head = (fn(u8) -> bool, usize, usize);

/// How a place is looked at closely.
#[derive(Clone, Copy)]
pub enum Look {
    /// The anchor begins a word, and this pattern follows it.
    After(&'static str),
    /// The anchor is inside a key: the text before it, and the pattern after it.
    Around(Head, &'static str),
    /// After the first line of a key block comes text that a machine made.
    PrivateKey,
    /// Three parts in base64, with dots between.
    WebToken,
    /// The anchor is a part of a name, and the name is set to a strong value.
    Assignment,
    /// A password in a URL.
    Password,
    /// A strong token in a header.
    Bearer,
}

/// The kinds with few false alarms.
#[rustfmt::skip] // one row a line
pub const SHAPES: &[Shape] = &[
    after("aws-access-token", "a key of AWS", "AKIA", "[A-Z0-9]{16}"),
    after("aws-access-token", "a key of AWS", "ASIA", "[A-Z0-9]{16}"),
    after("aws-access-token", "a key of AWS", "ABIA", "[A-Z0-9]{16}"),
    after("aws-access-token", "a key of AWS", "ACCA", "[A-Z0-9]{16}"),
    after("github-pat", "a token of GitHub", "ghp_", "[[:alnum:]]{36}"),
    after("github-oauth", "a token of GitHub", "gho_", "[[:alnum:]]{36}"),
    after("github-app-token", "a token of GitHub", "ghs_", "[[:alnum:]]{36}"),
    after("github-app-token", "a token of GitHub", "ghu_", "[[:alnum:]]{36}"),
    after("github-refresh-token", "a token of GitHub", "ghr_", "(?:[[:alnum:]]{76}|[[:alnum:]]{36})"),
    after("github-fine-grained-pat", "a token of GitHub", "github_pat_", r"\w{40,255}"),
    after("gitlab-pat", "a token of GitLab", "glpat-", r"[\w-]{20,300}(?:\.[[:alnum:]]{2}\.?[[:alnum:]]{7})?"),
    after("gitlab-runner-authentication-token", "a token of GitLab", "glrt-", r"[\w-]{20,300}"),
    after("gitlab-deploy-token", "a token of GitLab", "gldt-", r"[\w-]{20,64}"),
    after("gitlab-ptt", "a token of GitLab", "glptt-", "[0-9a-f]{40}"),
    after("gitlab-feed-token", "a token of GitLab", "glft-", r"[\w-]{20,64}"),
    after("gitlab-scim-token", "a token of GitLab", "glsoat-", r"[\w-]{20,64}"),
    after("gitlab-cicd-job-token", "a token of GitLab", "glcbt-", r"[\w-]{20,300}"),
    after("gitlab-incoming-mail-token", "a token of GitLab", "glimt-", r"[\w-]{25,64}"),
    after("gitlab-kubernetes-agent-token", "a token of GitLab", "glagent-", r"[\w-]{50,64}"),
    after("gitlab-oauth-app-secret", "a token of GitLab", "gloas-", r"[\w-]{64}"),
    after("gitlab-feature-flag-client-token", "a token of GitLab", "glffct-", r"[\w-]{20,64}"),
    after("gitlab-rrt", "a token of GitLab", "GR1348941", r"[\w-]{20}"),
    // Two letters are in too many words, so the search looks for a third.
    after("twilio-api-key", "a key of Twilio", "SK0", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SK1", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SK2", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SK3", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SK4", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SK5", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SK6", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SK7", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SK8", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SK9", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SKa", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SKb", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SKc", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SKd", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SKe", "[0-9a-f]{31}"),
    after("twilio-api-key", "a key of Twilio", "SKf", "[0-9a-f]{31}"),
    after("atlassian-api-token", "a token of Atlassian", "ATATT3", r"[\w=-]{150,250}"),
    after("intra42-client-secret", "a secret of 42's intra", "s-s4t2", "(?:ud|af)-[0-9a-f]{64}"),
    after("slack-bot-token", "a token of Slack", "xox", "b-[0-9]{10,13}-[0-9]{10,13}-[[:alnum:]-]{10,200}"),
    after("slack-user-token", "a token of Slack", "xox", "[pe](?:-[0-9]{10,13}){3}-[[:alnum:]-]{28,34}"),
    after("slack-config-access-token", "a token of Slack", "xox", r"e\.xox[bp]-[0-9]-[[:alnum:]]{163,166}"),
    after("slack-config-refresh-token", "a token of Slack", "xox", "e-[0-9]-[[:alnum:]]{146}"),
    after("slack-legacy-bot-token", "a token of Slack", "xox", "b-[0-9]{8,14}-[[:alnum:]]{18,26}"),
    after("slack-legacy-workspace-token", "a token of Slack", "xox", "[ar]-(?:[0-9]-)?[[:alnum:]]{8,48}"),
    after("slack-legacy-token", "a token of Slack", "xox", "[os]-[0-9]+-[0-9]+-[0-9]+-[[:xdigit:]]{8,64}"),
    after("slack-token", "a token of Slack", "xox", "[abeoprs][.-](?:xox[bp]-)?[[:alnum:]-]{20,250}"),
    after("slack-app-token", "a token of Slack", "xapp-", "[0-9]-[[:alnum:]]+-[0-9]+-[[:alnum:]]{20,250}"),
    after("slack-webhook-url", "a webhook of Slack", "hooks.slack.com/", "(?:services|workflows|triggers)/[[:alnum:]+/]{40,80}"),
    after("discord-webhook-url", "a webhook of Discord", "api/webhooks/", r"[0-9]{17,20}/[\w-]{60,80}"),
    shape("telegram-bot-api-token", "a token of Telegram", ":AA", Look::Around((|it| it.is_ascii_digit(), 8, 10), r"[\w-]{32,33}")),
    after("microsoft-teams-webhook", "a webhook of Teams", "webhook.office.com/", r"webhookb2/[\w@-]{70,80}/IncomingWebhook/[[:alnum:]]{32}/[0-9a-f-]{36}"),
    after("gcp-api-key", "a key of Google", "AIza", r"[\w-]{35}"),
    after("gcp-oauth-client-secret", "a secret of Google", "GOCSPX-", r"[\w-]{28}"),
    after("stripe-access-token", "a key of Stripe", "sk_live_", "[[:alnum:]]{16,247}"),
    after("stripe-access-token", "a key of Stripe", "sk_test_", "[[:alnum:]]{16,247}"),
    after("stripe-access-token", "a key of Stripe", "rk_live_", "[[:alnum:]]{16,247}"),
    after("stripe-access-token", "a key of Stripe", "rk_test_", "[[:alnum:]]{16,247}"),
    after("stripe-access-token", "a key of Stripe", "sk_prod_", "[[:alnum:]]{16,247}"),
    after("stripe-access-token", "a key of Stripe", "rk_prod_", "[[:alnum:]]{16,247}"),
    after("stripe-webhook-secret", "a secret of Stripe", "whsec_", "[[:alnum:]+/]{32,64}"),
    after("anthropic-admin-api-key", "a key of Anthropic", "sk-", r"ant-admin[0-9]{2}-[\w-]{20,300}"),
    after("anthropic-api-key", "a key of Anthropic", "sk-", r"ant-[\w-]{20,300}"),
    after("openai-api-key", "a key of OpenAI", "sk-", r"(?:proj|svcacct|admin)-[\w-]{20,300}"),
    after("openai-api-key", "a key of OpenAI", "sk-", r"\w{20}T3BlbkFJ\w{20}"),
    after("sk-key", "a key that begins with sk-", "sk-", r"[\w-]{20,300}"),
    after("xai-api-key", "a key of xAI", "xai-", "[[:alnum:]]{80}"),
    after("langsmith-api-key", "a key of LangSmith", "lsv2_", "(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),
    after("groq-api-key", "a key of Groq", "gsk_", "[[:alnum:]]{40,64}"),
    after("huggingface-access-token", "a token of Hugging Face", "hf_", "[[:alnum:]]{30,64}"),
    after("huggingface-organization-api-token", "a token of Hugging Face", "api_org_", "[[:alnum:]]{34}"),
    after("perplexity-api-key", "a key of Perplexity", "pplx-", "[[:alnum:]]{48}"),
    after("replicate-api-token", "a token of Replicate", "r8_", "[[:alnum:]]{37}"),
    after("npm-access-token", "a token of npm", "npm_", "[[:alnum:]]{36}"),
    after("pypi-upload-token", "a token of PyPI", "pypi-", r"[\w-]{50,400}"),
    after("rubygems-api-token", "a token of RubyGems", "rubygems_", "[0-9a-f]{48}"),
    after("crates-io-api-token", "a token of crates.io", "cio", "[[:alnum:]]{32}"),
    after("artifactory-api-key", "a key of Artifactory", "AKCp", "[[:alnum:]]{69}"),
    after("clojars-api-token", "a token of Clojars", "CLOJARS_", "[[:alnum:]]{60}"),
    after("docker-pat", "a token of Docker", "dckr_pat_", r"[\w-]{27}"),
    after("docker-oat", "a token of Docker", "dckr_oat_", r"[\w-]{32}"),
    after("digitalocean-pat", "a token of DigitalOcean", "dop_v1_", "[0-9a-f]{64}"),
    after("digitalocean-access-token", "a token of DigitalOcean", "doo_v1_", "[0-9a-f]{64}"),
    after("digitalocean-refresh-token", "a token of DigitalOcean", "dor_v1_", "[0-9a-f]{64}"),
    after("alibaba-access-key-id", "a key of Alibaba Cloud", "LTAI", "[[:alnum:]]{20}"),
    after("aws-amazon-bedrock-api-key-long-lived", "a key of AWS Bedrock", "ABSK", "[[:alnum:]+/]{109,269}"),
    after("cloudflare-origin-ca-key", "a key of Cloudflare", "v1.0-", "[0-9a-f]{24}-[0-9a-f]{146}"),
    after("yandex-api-key", "a key of Yandex", "AQVN", r"[\w-]{35,38}"),
    after("shopify-access-token", "a token of Shopify", "shpat_", "[0-9a-fA-F]{32}"),
    after("shopify-custom-access-token", "a token of Shopify", "shpca_", "[0-9a-fA-F]{32}"),
    after("shopify-private-app-access-token", "a token of Shopify", "shppa_", "[0-9a-fA-F]{32}"),
    after("shopify-shared-secret", "a token of Shopify", "shpss_", "[0-9a-fA-F]{32}"),
    after("vault-service-token", "a token of Vault", "hvs.", r"[\w-]{24,300}"),
    after("vault-batch-token", "a token of Vault", "hvb.", r"[\w-]{100,300}"),
    shape("hashicorp-tf-api-token", "a token of Terraform", ".atlasv1.", Look::Around((|it| it.is_ascii_alphanumeric(), 14, 14), r"[\w=-]{60,70}")),
    after("defined-networking-api-token", "a token of Defined Networking", "dnkey-", r"[\w=-]{26}-[\w=-]{52}"),
    after("tailscale-key", "a key of Tailscale", "tskey-", "(?:api|auth|client|scim|webhook)-[[:alnum:]]+-[[:alnum:]]{20,40}"),
    after("openshift-user-token", "a token of OpenShift", "sha256~", r"[\w-]{43}"),
    after("scalingo-api-token", "a token of Scalingo", "tk-us-", r"[\w-]{48}"),
    after("netlify-access-token", "a token of Netlify", "nfp_", "[[:alnum:]]{36}"),
    after("sourcegraph-access-token", "a token of Sourcegraph", "sgp_", "(?:[[:xdigit:]]{16}_|local_)?[[:xdigit:]]{40}"),
    after("sendgrid-api-token", "a key of SendGrid", "SG.", r"[\w-]{16,32}\.[\w-]{32,64}"),
    after("sendinblue-api-token", "a key of Brevo", "xkeysib-", "[0-9a-f]{64}-[[:alnum:]]{16}"),
    after("mailgun-private-api-token", "a key of Mailgun", "key-", "[0-9a-f]{32}"),
    shape("mailchimp-api-key", "a key of Mailchimp", "-us", Look::Around((|it| it.is_ascii_hexdigit(), 32, 32), "[0-9]{1,2}")),
    after("databricks-api-token", "a token of Databricks", "dapi", "[0-9a-f]{32}(?:-[0-9])?"),
    after("doppler-api-token", "a token of Doppler", "dp.pt.", "[[:alnum:]]{40,44}"),
    after("doppler-service-token", "a token of Doppler", "dp.st.", r"(?:[\w-]+\.)?[[:alnum:]]{40,44}"),
    after("linear-api-key", "a key of Linear", "lin_api_", "[[:alnum:]]{40}"),
    after("notion-api-token", "a token of Notion", "ntn_", "[[:alnum:]]{40,50}"),
    after("notion-integration-token", "a token of Notion", "secret_", "[[:alnum:]]{43}"),
    after("figma-pat", "a token of Figma", "figd_", r"[\w-]{40,64}"),
    after("grafana-cloud-api-token", "a token of Grafana", "glc_", "[[:alnum:]+/]{32,400}"),
    after("grafana-api-key", "a key of Grafana", "eyJrIjoi", "[[:alnum:]]{70,400}={0,3}"),
    after("grafana-service-account-token", "a token of Grafana", "glsa_", "[[:alnum:]]{32}_[[:xdigit:]]{8}"),
    after("dynatrace-api-token", "a token of Dynatrace", "dt0c01.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    after("adobe-client-secret", "a secret of Adobe", "p8e-", "[[:alnum:]]{32}"),
    after("frameio-api-token", "a token of Frame.io", "fio-u-", r"[\w=-]{64}"),
    after("readme-api-token", "a token of ReadMe", "rdme_", "[a-z0-9]{70}"),
    after("typeform-api-token", "a token of Typeform", "tfp_", r"[\w.=-]{59}"),
    after("new-relic-user-api-key", "a key of New Relic", "NRAK-", "[[:alnum:]]{27}"),
    after("new-relic-insert-key", "a key of New Relic", "NRII-", r"[[:alnum:]-]{32}"),
    after("postman-api-token", "a key of Postman", "PMAK-", "[[:xdigit:]]{24}-[[:xdigit:]]{34}"),
    after("pulumi-api-token", "a token of Pulumi", "pul-", "[0-9a-f]{40}"),
    after("prefect-api-token", "a token of Prefect", "pnu_", "[[:alnum:]]{36}"),
    after("sentry-org-token", "a token of Sentry", "sntrys_", "[[:alnum:]+/=_-]{60,400}"),
    after("sentry-user-token", "a token of Sentry", "sntryu_", "[0-9a-f]{64}"),
    after("square-access-token", "a token of Square", "sq0atp-", r"[\w-]{22,60}"),
    after("square-access-token", "a token of Square", "EAAA", r"[\w-]{60}"),
    after("square-secret", "a secret of Square", "sq0csp-", r"[\w-]{40,60}"),
    after("supabase-access-token", "a token of Supabase", "sbp_", "[0-9a-f]{40}"),
    after("supabase-secret-key", "a key of Supabase", "sb_secret_", r"[\w-]{30,45}"),
    after("heroku-api-key-v2", "a key of Heroku", "HRKU-", r"[\w-]{36,64}"),
    after("flyio-access-token", "a token of Fly.io", "fm2_", "[[:alnum:]+/]{100,400}"),
    after("flyio-access-token", "a token of Fly.io", "fo1_", r"[\w-]{43}"),
    after("infracost-api-token", "a token of Infracost", "ico-", "[[:alnum:]]{32}"),
    after("harness-api-key", "a key of Harness", "pat.", r"[\w-]{22}\.[[:alnum:]]{24}\.[[:alnum:]]{20}"),
    after("harness-api-key", "a key of Harness", "sat.", r"[\w-]{22}\.[[:alnum:]]{24}\.[[:alnum:]]{20}"),
    after("planetscale-api-token", "a token of PlanetScale", "pscale_tkn_", r"[\w.=-]{32,64}"),
    after("planetscale-oauth-token", "a token of PlanetScale", "pscale_oauth_", r"[\w.=-]{32,64}"),
    after("planetscale-password", "a password of PlanetScale", "pscale_pw_", r"[\w.=-]{32,64}"),
    after("duffel-api-token", "a token of Duffel", "duffel_", r"(?:test|live)_[\w=-]{43}"),
    after("easypost-api-token", "a token of EasyPost", "EZAK", "[[:alnum:]]{54}"),
    after("flutterwave-secret-key", "a key of Flutterwave", "FLWSECK_TEST-", "[[:alnum:]]{32}-X"),
    after("shippo-api-token", "a token of Shippo", "shippo_", "(?:live|test)_[[:xdigit:]]{40}"),
    after("1password-service-account-token", "a token of 1Password", "ops_eyJ", "[[:alnum:]+/]{250,400}"),
    after("age-secret-key", "a key of age", "AGE-SECRET-KEY-1", "[A-Z0-9]{58}"),
    after("azure-storage-key", "a key of Azure", "AccountKey=", "[[:alnum:]+/]{86}=="),
    after("azure-shared-access-key", "a key of Azure", "SharedAccessKey=", "[[:alnum:]+/]{43}="),
    shape("azure-ad-client-secret", "a secret of Azure", "8Q~", Look::Around((in_azure, 3, 3), r"[\w~.-]{31,34}")),
    shape("azure-ad-client-secret", "a secret of Azure", "7Q~", Look::Around((in_azure, 3, 3), r"[\w~.-]{31,34}")),
    shape("jwt", "a signed token (JWT)", "eyJ", Look::WebToken),
    shape("private-key", "a private key", "-----BEGIN ", Look::PrivateKey),
    shape("password-in-url", "a password in a URL", "://", Look::Password),
    shape("curl-auth-header", "a token in a header", "earer ", Look::Bearer),
    assignment("ecret"),
    assignment("ECRET"),
    assignment("oken"),
    assignment("OKEN"),
    assignment("assw"),
    assignment("ASSW"),
    assignment("_key"),
    assignment("_KEY"),
    assignment("iKey"),
    assignment("pikey"),
    assignment("PIKEY"),
    assignment("i-key"),
    assignment("redential"),
    assignment("REDENTIAL"),
];

/// One row of the table.
const fn shape(rule: &'static str, name: &'static str, anchor: &'static str, look: Look) -> Shape {
    Shape {
        rule,
        name,
        anchor,
        look,
    }
}

/// A key that begins with its anchor.
const fn after(
    rule: &'static str,
    name: &'static str,
    anchor: &'static str,
    pattern: &'static str,
) -> Shape {
    shape(rule, name, anchor, Look::After(pattern))
}

/// A row for a name that says "secret".
const fn assignment(anchor: &'static str) -> Shape {
    shape(
        "generic-api-key",
        "what looks like a secret, under a name that says so",
        anchor,
        Look::Assignment,
    )
}

/// True for a byte that may be a part of a secret of Azure.
fn in_azure(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_~.-".contains(&byte)
}
