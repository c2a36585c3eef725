"""The session policies that limit guests' credentials of the enhanced flow.

A request is allowed if the role allows it and one of the two does (AWS dev guide: access policies for unauthenticated
identities).
"""

from __future__ import annotations

INLINE_NAME = "CognitoUnauthenticatedInlinePolicy"
"""Used in explanations; on AWS the inline session policy has no name."""

INLINE = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "appsync:*",
                "cloudwatch:*",
                "codewhisperer:*",
                "cognito-identity:*",
                "cognito-idp:*",
                "cognito-sync:*",
                "comprehend:*",
                "dynamodb:*",
                "execute-api:*",
                "firehose:*",
                "gamelift:*",
                "geo:*",
                "iot:*",
                "kinesisanalytics:*",
                "kms:Decrypt",
                "kms:Encrypt",
                "kms:GenerateDataKey*",
                "kms:ReEncrypt*",
                "lambda:*",
                "lex:*",
                "logs:*",
                "machinelearning:*",
                "mobileanalytics:*",
                "personalize:*",
                "polly:*",
                "rekognition:*",
                "s3:*",
                "sagemaker:InvokeEndpoint",
                "sdb:*",
                "ses:*",
                "sns:*",
                "sqs:*",
                "sumerian:View*",
                "textract:AnalyzeDocument",
                "textract:DetectDocumentText",
                "transcribe:*",
                "translate:*",
            ],
            "Resource": "*",
        }
    ],
}

MANAGED_NAME = "AmazonCognitoUnAuthedIdentitiesSessionPolicy"

MANAGED = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "CognitoUnAuthedIdentitiesSessionPolicy",
            "Effect": "Allow",
            "Action": [
                "rum:PutRumEvents",
                "sagemaker:InvokeEndpoint",
                "polly:*",
                "comprehend:*",
                "translate:*",
                "transcribe:*",
                "rekognition:*",
                "mobiletargeting:*",
                "firehose:*",
                "personalize:*",
                "geo:GetMap*",
                "geo:ListMaps",
                "geo:SearchPlaceIndex*",
                "geo:GetPlace",
                "geo:CalculateRoute*",
                "geo:*Geofence",
                "geo:*Geofences",
                "geo:*DevicePosition*",
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncryptTo",
                "kms:ReEncryptFrom",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyPair",
                "kms:GenerateDataKeyPairWithoutPlaintext",
                "kms:GenerateDataKeyWithoutPlaintext",
            ],
            "Resource": "*",
        }
    ],
}
