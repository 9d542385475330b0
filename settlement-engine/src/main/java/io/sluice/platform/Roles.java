package io.sluice.platform;

/** Who may do what (DESIGN 3, Security). */
public final class Roles {

    public static final String TREASURY_OPERATOR = "TREASURY_OPERATOR";
    public static final String APPROVER = "APPROVER";
    public static final String AUDITOR = "AUDITOR";
    public static final String INVESTOR = "INVESTOR";
    public static final String MERCHANT = "MERCHANT";
    public static final String TRUSTEE = "TRUSTEE";
    public static final String COMPLIANCE = "COMPLIANCE";
    public static final String ONBOARDING = "ONBOARDING";
    public static final String BANK_ADAPTER = "BANK_ADAPTER";
    public static final String SECURITY_ADMIN = "SECURITY_ADMIN";
    public static final String RULE_ADMIN = "RULE_ADMIN";

    /** Those who may look at everybody's business. */
    public static final String[] INSIDE = {
        TREASURY_OPERATOR, APPROVER, AUDITOR, TRUSTEE, COMPLIANCE, ONBOARDING, RULE_ADMIN
    };

    private Roles() {}
}
